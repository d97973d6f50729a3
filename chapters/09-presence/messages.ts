// Grows ../07-reconnection/messages.ts: who is typing, and how things are for whoever comes.
import { z } from "zod";
import {
  keyedParserOf,
  type ServerMessage as LiveMessage,
  clientMessage as liveMessage,
} from "../07-reconnection/messages.ts";
import type { TypingChange } from "./typing.ts";

const boardId = z.string().min(1).max(64);

export const typingMessages = [
  /** Every few seconds, for as long as somebody types. Without a task it is a new one. */
  z.strictObject({ type: z.literal("typing"), boardId, taskId: z.string().min(1).max(64).optional() }),
  z.strictObject({ type: z.literal("stop_typing"), boardId }),
] as const;

export type TypingMessage = z.infer<(typeof typingMessages)[number]>;

const clientMessage = z.discriminatedUnion("type", [...liveMessage.options, ...typingMessages]);

/** Client to server. */
export type ClientMessage = z.infer<typeof clientMessage>;

/** Server to client. */
export type ServerMessage = LiveMessage | PresenceMessage | TypingChange;

/** Who is there, and who is typing: to one who has just come, or has missed signals. */
export interface PresenceMessage {
  readonly type: "presence";
  readonly boardId: string;
  readonly users: readonly string[];
  readonly typing: readonly { readonly userId: string; readonly taskId?: string | undefined }[];
}

export const parseMessage = keyedParserOf(clientMessage);
