// A change takes its handlers away with the first answer, whosever that is: when another change is answered before it, it waits for ever.
// Fails: each of two changes gets its own answer, whichever comes first
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: Not every answer is yours. At which line do you know that this one is?
import type { RawData, WebSocket } from "ws";
import type { BoardEvent } from "../exercise.ts";

type ServerMessage =
  | { readonly type: "event"; readonly event: BoardEvent }
  | { readonly type: "answer"; readonly id: number; readonly seq: number }
  | { readonly type: "answer"; readonly id: number; readonly error: string };

export function createBoardClient(socket: WebSocket) {
  let lastId = 0;

  function onEvent(handle: (event: BoardEvent) => void): void {
    socket.on("message", (data) => {
      const message = parse(data);
      if (message.type === "event") handle(message.event);
    });
  }

  function change(task: { readonly title: string }): Promise<number> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      socket.on("message", onMessage);
      socket.on("close", onClose);
      socket.send(JSON.stringify({ type: "change", id, ...task }));

      function onMessage(data: RawData): void {
        const message = parse(data);
        if (message.type !== "answer") return;
        forget();
        if (message.id !== id) return;
        if ("error" in message) reject(new Error(message.error));
        else resolve(message.seq);
      }

      function onClose(): void {
        reject(new Error("the socket ended before the answer"));
      }

      function forget(): void {
        socket.off("message", onMessage);
        socket.off("close", onClose);
      }
    });
  }

  return { onEvent, change };
}

function parse(data: RawData): ServerMessage {
  return JSON.parse(String(data));
}
