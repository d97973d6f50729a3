// An answer goes to the change that has waited longest: when the server answers in another order, changes get the seqs of others.
// Fails: each of two changes gets its own answer, whichever comes first
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: The answer says which change it belongs to. Who reads that?
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
  const pending: Pending[] = [];

  socket.on("message", (data) => {
    const message = parse(data);
    if (message.type !== "answer") return;
    const oldest = pending.shift();
    if ("error" in message) oldest?.reject(new Error(message.error));
    else oldest?.resolve(message.seq);
  });
  socket.on("close", () => {
    for (const { reject } of pending) reject(new Error("the socket ended before the answer"));
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
      pending.push({ resolve, reject });
      socket.send(JSON.stringify({ type: "change", id, ...task }));
    });
  }

  return { onEvent, change };
}

function parse(data: RawData): ServerMessage {
  return JSON.parse(String(data));
}
