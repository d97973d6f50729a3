import type { BoardEvent, Cursor } from "../events.ts";

/**
 * What a chapter's `client.ts` exports: follows a board from a cursor, by that chapter's transport.
 *
 * @param cursor how far the caller has come; events start right after it
 * @param onEvents is given new events, in order, possibly some that the caller has already seen
 * @param onState is told how the connection is doing, and at its end why it is over
 * @returns stops following; nothing is called after that
 */
export type Connect = (
  boardId: string,
  cursor: Cursor,
  onEvents: (events: BoardEvent[]) => void,
  onState: (state: ConnectionState, reason?: string) => void,
) => () => void;

/**
 * - `live`: the last attempt succeeded
 * - `waiting`: it did not, and there will be another
 * - `reset`: the server cannot continue from the cursor; nothing more will come, fetch the board again
 * - `ended`: it is over, and asking again would not help; the second argument says why, as a sentence
 */
export type ConnectionState = "live" | "waiting" | "reset" | "ended";
