// Grows ../05-rooms/messages.ts: somebody may say who they are in the first message.
import { z } from "zod";
import { parserOf } from "../04-websockets/socket-server.ts";
import { type ServerMessage as RoomMessage, clientMessage as roomMessage } from "../05-rooms/messages.ts";

/** Client to server. */
export const clientMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("auth"), ticket: z.string().max(2_048) }),
  ...roomMessage.options,
]);

export type ClientMessage = z.infer<typeof clientMessage>;

/** Server to client. */
export type ServerMessage =
  | RoomMessage
  /** The answer to `auth`. */
  | { readonly type: "signed_in"; readonly userId: string };

export const parseMessage = parserOf(clientMessage);
