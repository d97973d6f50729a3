// Only a refused change takes its handlers away: each one that was answered leaves them behind.
// Fails: the twentieth change leaves as many handlers behind as the first: none
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: A change ends in more than one way. Does each of them pass your `off`?
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
        if ("error" in message) {
          forget();
          reject(new Error(message.error));
        } else resolve(message.seq);
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
