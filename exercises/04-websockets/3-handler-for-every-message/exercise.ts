import type { RawData, WebSocket } from "ws";

/** What somebody did on the board. */
export interface BoardEvent {
  readonly seq: number;
  readonly title: string;
}

type ServerMessage =
  | { readonly type: "event"; readonly event: BoardEvent }
  | { readonly type: "answer"; readonly id: number; readonly seq: number }
  | { readonly type: "answer"; readonly id: number; readonly error: string };

/**
 * Makes changes to a board, and hears of those of others.
 * @param socket open already
 */
export function createBoardClient(socket: WebSocket) {
  let lastId = 0;

  /** @param handle gets every event from now on */
  function onEvent(handle: (event: BoardEvent) => void): void {
    socket.on("message", (data) => {
      const message = parse(data);
      if (message.type === "event") handle(message.event);
    });
  }

  /** @returns the seq of the change's event; rejects when it is refused, or when the socket ends before the answer */
  function change(task: { readonly title: string }): Promise<number> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      socket.on("message", (data) => {
        const message = parse(data);
        // Events, and the answers to other changes.
        if (message.type !== "answer" || message.id !== id) return;
        if ("error" in message) reject(new Error(message.error));
        else resolve(message.seq);
      });
      socket.on("close", () => reject(new Error("the socket ended before the answer")));
      socket.send(JSON.stringify({ type: "change", id, ...task }));
    });
  }

  return { onEvent, change };
}

function parse(data: RawData): ServerMessage {
  return JSON.parse(String(data));
}
