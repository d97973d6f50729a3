// When the socket ends, the change resolves: the page shows as saved what may never have arrived.
// Fails: a change is rejected when the socket ends before the answer
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: The end of the socket is no answer. What should the page show, saved or not saved?
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
        if (message.type !== "answer" || message.id !== id) return;
        forget();
        if ("error" in message) reject(new Error(message.error));
        else resolve(message.seq);
      }

      function onClose(): void {
        resolve(Number.NaN);
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
