// Grows ../../chapters/09-presence/messages.ts: what goes over a socket, and as signals over a stream.
import type { AnswerMessage } from "./commands.ts";
import type { BoardEvent } from "./events.ts";

/** Server to client. */
export type ServerMessage =
  /** The first one: what the server expects of the client. */
  | { readonly type: "hello"; readonly maxMessageBytes: number; readonly maxMessagesPerSecond: number }
  /** The answer to `auth`. */
  | { readonly type: "signed_in"; readonly userId: string }
  /** What follows is the board after this seq. */
  | {
      readonly type: "joined";
      readonly boardId: string;
      readonly seq: number;
      readonly users: readonly string[];
    }
  | { readonly type: "left"; readonly boardId: string }
  /** `id` is the cursor, `epoch:seq`: what to send as `after` next time. */
  | { readonly type: "event"; readonly id: string; readonly event: BoardEvent }
  /** The cursor cannot be honoured: fetch the board again. */
  | { readonly type: "reset"; readonly boardId: string; readonly reason: string; readonly seq: number }
  | AnswerMessage
  /** Comes at least so often. Its `heads` have the last seq of each board that the socket follows. */
  | {
      readonly type: "heartbeat";
      readonly everyMs: number;
      readonly heads: Readonly<Record<string, number>>;
    }
  | SignalMessage
  | { readonly type: "pong" }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** What is about now, and in no log. The same on a stream: `event:` is the type, without an `id:`. */
export type SignalMessage =
  | PresenceMessage
  | { readonly type: "user_joined" | "user_left"; readonly boardId: string; readonly userId: string }
  | {
      readonly type: "user_typing" | "user_stopped_typing";
      readonly boardId: string;
      readonly userId: string;
      /** The task that is being edited. Without one it is a new task. */
      readonly taskId?: string | undefined;
    };

/** Who is there, and who is typing: to one who has just come, or has missed signals. */
export interface PresenceMessage {
  readonly type: "presence";
  readonly boardId: string;
  readonly users: readonly string[];
  readonly typing: readonly { readonly userId: string; readonly taskId?: string | undefined }[];
}
