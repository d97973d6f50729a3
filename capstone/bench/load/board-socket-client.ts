// A client of this server's socket protocol. The `ws` peers speak it too.
import type { AnswerMessage } from "../../board/commands.ts";
import { BOARD_ID } from "../peers/made-up-log.ts";
import type { Client, ClientOptions } from "./client.ts";
import { openWebSocket } from "./web-socket.ts";

/** `{"type":"` */
const TYPE_AT = 9;
const KEY_PREFIX = "bench-change-";

export function openBoardSocketClient(options: ClientOptions): Client {
  const { address, cookie, follows } = options;
  const socket = openWebSocket({ address, cookie, onText, onLost: options.onLost });

  /** The first letters of a message's type say which it is. */
  function onText(bytes: Buffer, start: number, end: number): void {
    const letter = bytes[start + TYPE_AT];
    if (letter === 0x65 /* e */) {
      if (bytes[start + TYPE_AT + 1] === 0x76 /* v */) options.onEvent(bytes, start, end);
      else options.onLost(`was told ${bytes.toString("utf8", start, end)}`);
    } else if (letter === 0x61 /* a */) {
      const { key, status } = JSON.parse(bytes.toString("utf8", start, end)) as AnswerMessage;
      options.onAnswer(Number(key.slice(KEY_PREFIX.length)), status);
    } else if (letter === 0x68 /* h */ && bytes[start + TYPE_AT + 2] === 0x6c /* hel… */) {
      if (follows) socket.send(JSON.stringify({ type: "join", boardId: BOARD_ID }));
      else options.onReady();
    } else if (letter === 0x6a /* j */) {
      options.onReady();
    } else if (letter === 0x72 /* r */) {
      options.onLost("was reset");
    }
  }

  return {
    change(key, taskId, title) {
      const fullKey = `${KEY_PREFIX}${String(key).padStart(8, "0")}`;
      socket.send(JSON.stringify({ type: "update_task", key: fullKey, taskId, change: { title } }));
    },
    close: socket.close,
  };
}
