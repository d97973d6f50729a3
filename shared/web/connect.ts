import type { BoardEvent, Cursor } from "../events.ts";
import type { Placement } from "../positions.ts";

/**
 * What a chapter's `client.ts` exports: follows a board from a cursor, by that chapter's transport.
 *
 * @param cursor how far the caller has come; events start right after it
 * @param onEvents is given new events, in order, possibly some that the caller has already seen
 * @param onState is told how the connection is doing, perhaps with more about it in words
 * @param userId who is signed in, where there are accounts. A cookie belongs to all tabs: another one may have signed in
 * somebody else since.
 * @param onPeople is told who else is there, from chapter 09 on
 * @returns stops following; nothing is called after that
 */
export type Connect = (
  boardId: string,
  cursor: Cursor,
  onEvents: (events: BoardEvent[]) => void,
  onState: (state: ConnectionState, detail?: string) => void,
  userId?: string,
  onPeople?: (people: People) => void,
) => (() => void) | Following;

/** What a connection can do that carries changes too. */
export interface Following {
  /** Follows no more. Changes that are not answered yet wait for the next connection. */
  stop(): void;
  /** Makes a change. @returns the server's answer, however long the connection is away */
  run(command: TaskCommand): Promise<{ readonly status: number; readonly body?: unknown }>;
  /** The user types in a task, or a new one. Call it as often as you like. */
  typing?(taskId?: string): void;
  stopTyping?(): void;
  /** Gives up the changes that are not answered: another user is about to sign in. */
  forget(): void;
}

/** Who else is on the board. */
export interface People {
  /** Ids, each once. */
  readonly users: readonly string[];
  readonly typing: readonly { readonly userId: string; readonly taskId?: string | undefined }[];
}

/** What the page does to tasks, as data. */
export type TaskCommand =
  | { readonly type: "create_task"; readonly task: { readonly listId: string; readonly title: string } }
  | { readonly type: "update_task"; readonly taskId: string; readonly change: { readonly title: string } }
  | {
      readonly type: "move_task";
      readonly taskId: string;
      readonly place: Placement & { readonly listId: string };
    }
  | { readonly type: "delete_task"; readonly taskId: string };

/**
 * - `live`: the last attempt succeeded
 * - `waiting`: it did not, and there will be another
 * - `reset`: the server cannot continue from the cursor; nothing more will come, fetch the board again
 * - `ended`: it is over, and asking again would not help; the detail says why, as a sentence
 */
export type ConnectionState = "live" | "waiting" | "reset" | "ended";
