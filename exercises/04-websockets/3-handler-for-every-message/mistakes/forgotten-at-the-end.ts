// Nothing rejects a change any more when its socket ends: one that was under way when the connection broke waits for ever.
// Fails: a change is rejected when the socket ends before the answer
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: What was the handler for `close` there for? Something still has to do that.
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
  const pending = new Map<number, Pending>();

  socket.on("message", (data) => {
    const message = parse(data);
    if (message.type !== "answer") return;
    const change = pending.get(message.id);
    pending.delete(message.id);
    if ("error" in message) change?.reject(new Error(message.error));
    else change?.resolve(message.seq);
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
      pending.set(id, { resolve, reject });
      socket.send(JSON.stringify({ type: "change", id, ...task }));
    });
  }

  return { onEvent, change };
}

function parse(data: RawData): ServerMessage {
  return JSON.parse(String(data));
}
