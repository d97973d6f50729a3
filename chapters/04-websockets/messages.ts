// What goes over a socket: JSON in text frames, and nothing else.
import { z } from "zod";
import type { BoardEvent } from "../../shared/events.ts";
import { type CommonMessage, parserOf } from "./socket-server.ts";

const boardId = z.string().min(1).max(64);

/** Client to server. `after` is a cursor, `epoch:seq`; without it a client begins at the head. */
const clientMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("join"), boardId, after: z.string().max(64).optional() }),
  z.strictObject({ type: z.literal("leave"), boardId }),
  z.strictObject({ type: z.literal("ping") }),
]);

export type ClientMessage = z.infer<typeof clientMessage>;

/** Server to client. */
export type ServerMessage =
  | CommonMessage
  /** What follows is the board after this seq. */
  | { readonly type: "joined"; readonly boardId: string; readonly seq: number }
  | { readonly type: "left"; readonly boardId: string }
  /** `id` is the cursor: what to send as `after` next time. */
  | { readonly type: "event"; readonly id: string; readonly event: BoardEvent }
  /** The cursor cannot be honoured: fetch the board again. */
  | { readonly type: "reset"; readonly boardId: string; readonly reason: string; readonly seq: number }
  | { readonly type: "pong" };

export const parseMessage = parserOf(clientMessage);
