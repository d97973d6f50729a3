// Grows ../04-websockets/messages.ts: history on join, who else is there, and what is said to one person alone.
import { z } from "zod";
import type { BoardEvent, Task } from "../../shared/events.ts";
import { type CommonMessage, parserOf } from "../04-websockets/socket-server.ts";

const boardId = z.string().min(1).max(64);

/** Client to server. A join says where to begin: after a cursor, or with the last events, or at the head. */
export const clientMessage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("join"),
    boardId,
    after: z.string().max(64).optional(),
    history: z.int().min(0).max(100).optional(),
  }),
  z.strictObject({ type: z.literal("leave"), boardId }),
  z.strictObject({ type: z.literal("ping") }),
]);

export type ClientMessage = z.infer<typeof clientMessage>;

/** Server to client. */
export type ServerMessage =
  | CommonMessage
  | { readonly type: "left"; readonly boardId: string }
  /** `id` is the cursor: what to send as `after` next time. */
  | { readonly type: "event"; readonly id: string; readonly event: BoardEvent }
  /** The cursor cannot be honoured: fetch the board again. */
  | { readonly type: "reset"; readonly boardId: string; readonly reason: string; readonly seq: number }
  | { readonly type: "pong" }
  /** `users`: who is there, with the one who joins. */
  | {
      readonly type: "joined";
      readonly boardId: string;
      readonly seq: number;
      readonly users: readonly string[];
    }
  /** Signals: about now, in no log, and gone when they are missed. */
  | { readonly type: "user_joined" | "user_left"; readonly boardId: string; readonly userId: string }
  /** To one person, on all their connections: somebody gave them a task. */
  | { readonly type: "assigned"; readonly boardId: string; readonly task: Task };

export const parseMessage = parserOf(clientMessage);
