// What whoever shows a board is told. The page turns it into signals, and a program in Node reads it as it is.
import type { BoardState } from "../../board/board-state.ts";
import type { Command, ErrorBody, TextConflict } from "../../board/commands.ts";
import type { BoardEvent } from "../../board/events.ts";
import type { PendingChange } from "./board-sync.ts";

/** From the best to the one that gets through everywhere. */
export const TRANSPORTS = ["socket", "stream", "long-poll", "poll"] as const;

export type TransportName = (typeof TRANSPORTS)[number];

/** Immutable: after each change there is a new one. */
export interface ClientState {
  /** With the user's own changes in it, also those that are not on the server yet. Undefined while it is loading. */
  readonly view: BoardState | undefined;
  readonly status: Status;
  readonly people: People;
  /** Changes that the log has not passed yet. */
  readonly pending: readonly PendingChange[];
  readonly notices: readonly Notice[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/**
 * - `loading`: there is nothing to show yet
 * - `live`: everything that the log has is shown, and the server was heard from not long ago
 * - `catching-up`: there is a connection, or one is being made; what is shown may be old
 * - `offline`: there has been no connection for a while; changes wait
 * - `signed-out`: nobody is signed in any more, or somebody else is. Changes wait in the outbox.
 * - `removed`: the user is not a member of the board any more, or never was
 * - `gone`: the board was deleted
 */
export type StatusName = "loading" | "live" | "catching-up" | "offline" | "signed-out" | "removed" | "gone";

export interface Status {
  readonly state: StatusName;
  /** Which one is in use or is being tried. */
  readonly transport: TransportName | undefined;
  /** Whether the user has chosen it. */
  readonly forced: boolean;
  /** How many changes are not acknowledged yet. */
  readonly waiting: number;
  /** With `catching-up`: there is no connection, one is being made. */
  readonly isConnecting?: boolean;
  /** With `live`: changes are not saved, because the server does not take them. They are sent again until it does. */
  readonly isHeldUp?: boolean;
  /** With `offline`: when the next attempt is, in milliseconds since 1970. */
  readonly nextTryAt?: number;
  /** A sentence, with `signed-out`, `removed`, `gone` and `offline`. */
  readonly reason?: string;
}

/** Who else is on the board. */
export interface People {
  /** Ids, each once. */
  readonly users: readonly string[];
  readonly typing: readonly { readonly userId: string; readonly taskId?: string | undefined }[];
}

/** What the user should be told. It stays until it is dismissed, also after a reload if something would be lost with it. */
export type Notice = { readonly id: string } & (
  | {
      /** A change was refused and rolled back. */
      readonly kind: "rejected";
      readonly command: Command;
      readonly error: ErrorBody["error"];
      /** What the user had written. */
      readonly text?: string;
    }
  | {
      /** Somebody else has changed the same text in the meantime. */
      readonly kind: "conflict";
      readonly command: Command;
      readonly conflicts: readonly TextConflict[];
      /** The task's version now: an edit that begins from it is none. */
      readonly version: number;
      readonly taskId: string;
    }
  | {
      /** Somebody else's move came later than the user's own. */
      readonly kind: "overruled";
      readonly event: BoardEvent<"task_moved">;
      /** Puts it where the user had put it. */
      readonly back: Command;
    }
);
