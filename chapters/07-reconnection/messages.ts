// Grows ../06-auth/messages.ts: commands with their answers, and a heartbeat that a script can see.
import { z } from "zod";
import { parserOf } from "../04-websockets/socket-server.ts";
import { type ServerMessage as MemberMessage, clientMessage as memberMessage } from "../06-auth/messages.ts";
import { type AnswerMessage, type CommandMessage, commandKey, commandMessages } from "./commands.ts";

export const clientMessage = z.discriminatedUnion("type", [...memberMessage.options, ...commandMessages]);

/** Client to server. */
export type ClientMessage = z.infer<typeof clientMessage>;

/** Server to client. */
export type ServerMessage =
  | MemberMessage
  | AnswerMessage
  /** Comes at least so often. Its `heads` have the last seq of each board that the socket follows. */
  | {
      readonly type: "heartbeat";
      readonly everyMs: number;
      readonly heads: Readonly<Record<string, number>>;
    };

/** A command; or something that has a key, as a command has, and is none. */
export type CommandLike =
  | CommandMessage
  | { readonly type: "bad_command"; readonly key: string; readonly reason: string };

export const parseMessage = keyedParserOf(clientMessage);

/** @returns a message, or a sentence that says what is wrong with it, if it has no key to send an answer to */
export function keyedParserOf<Message>(schema: z.ZodType<Message>) {
  const parse = parserOf(schema);
  return (text: string): Message | CommandLike | string => {
    const message = parse(text);
    if (typeof message !== "string") return message;
    const keyed = keyedMessage.safeParse(text);
    return keyed.success ? { type: "bad_command", key: keyed.data.key, reason: message } : message;
  };
}

const keyedMessage = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "no JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ key: commandKey }));
