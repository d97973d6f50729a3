// Grows ../../../chapters/09-presence/messages.ts: what a client may say on a socket, with all commands of the board.
import { z } from "zod";
import { parserOf } from "../../../chapters/04-websockets/socket-server.ts";
import { typingMessages } from "../../../chapters/09-presence/messages.ts";
import { commandKey, commandMessages } from "../../board/commands.ts";

const boardId = z.string().min(1).max(64);

const clientMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("auth"), ticket: z.string().max(2_048) }),
  z.strictObject({
    type: z.literal("join"),
    boardId,
    /** A cursor: `epoch:seq`. Without one, from the head on. */
    after: z.string().max(64).optional(),
    /** Instead of a cursor: so many events before the head. */
    history: z.int().min(0).max(100).optional(),
  }),
  z.strictObject({ type: z.literal("leave"), boardId }),
  z.strictObject({ type: z.literal("ping") }),
  ...typingMessages,
  ...commandMessages,
]);

/** Client to server. */
export type ClientMessage = z.infer<typeof clientMessage>;

/** Something that has a key, as a command has, and is none: there is an answer to it, or the client would ask for ever. */
export interface BadCommand {
  readonly type: "bad_command";
  readonly key: string;
  readonly reason: string;
}

const parse = parserOf(clientMessage);
const keyed = z.object({ key: commandKey });

/** @returns a sentence that says what is wrong with a text that is no message */
export function parseMessage(text: string): ClientMessage | BadCommand | string {
  const message = parse(text);
  if (typeof message !== "string" || message === "This is no JSON.") return message;
  const found = keyed.safeParse(JSON.parse(text));
  return found.success ? { type: "bad_command", key: found.data.key, reason: message } : message;
}
