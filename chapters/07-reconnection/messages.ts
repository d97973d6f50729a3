// Grows ../06-auth/messages.ts: commands with their answers, and a heartbeat that a script can see.
import { z } from "zod";
import { parserOf } from "../04-websockets/socket-server.ts";
import { type ServerMessage as MemberMessage, clientMessage as memberMessage } from "../06-auth/messages.ts";
import { type AnswerMessage, commandMessages } from "./commands.ts";

const clientMessage = z.discriminatedUnion("type", [...memberMessage.options, ...commandMessages]);

/** Client to server. */
export type ClientMessage = z.infer<typeof clientMessage>;

/** Server to client. */
export type ServerMessage =
  | MemberMessage
  | AnswerMessage
  /** Comes at least so often. Its `heads` say how long the log of each board is that the socket follows. */
  | {
      readonly type: "heartbeat";
      readonly everyMs: number;
      readonly heads: Readonly<Record<string, number>>;
    };

export const parseMessage = parserOf(clientMessage);
