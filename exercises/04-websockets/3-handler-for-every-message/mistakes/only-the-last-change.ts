// There is one place for a change that waits: the second change takes it from the first, which waits for ever.
// Fails: each of two changes gets its own answer, whichever comes first
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: How many changes can be waiting at the same time, and where is each of them kept?
import type { RawData, WebSocket } from "ws";
import type { BoardEvent } from "../exercise.ts";

type ServerMessage =
  | { readonly type: "event"; readonly event: BoardEvent }
  | { readonly type: "answer"; readonly id: number; readonly seq: number }
  | { readonly type: "answer"; readonly id: number; readonly error: string };

interface Pending {
  readonly resolve: (seq: number) => void;
  readonly reject: (error: Error) => void;
}

export function createBoardClient(socket: WebSocket) {
  let lastId = 0;
  let pending: (Pending & { readonly id: number }) | undefined;

  socket.on("message", (data) => {
    const message = parse(data);
    if (message.type !== "answer" || !pending || message.id !== pending.id) return;
    const { resolve, reject } = pending;
    pending = undefined;
    if ("error" in message) reject(new Error(message.error));
    else resolve(message.seq);
  });
  socket.on("close", () => {
    pending?.reject(new Error("the socket ended before the answer"));
  });

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
      pending = { id, resolve, reject };
      socket.send(JSON.stringify({ type: "change", id, ...task }));
    });
  }

  return { onEvent, change };
}

function parse(data: RawData): ServerMessage {
  return JSON.parse(String(data));
}
