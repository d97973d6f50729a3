// What a page connects with: a board's socket, and the queue of the commands that leave by it.
import type { BoardEvent, Cursor } from "../../shared/events.ts";
import type { ConnectionState } from "../../shared/web/connect.ts";
import { createBoardSocket } from "./board-socket.ts";
import { createCommandQueue } from "./command-queue.ts";
import type { Command, CommandMessage } from "./commands.ts";
import { ticketAddress } from "./ticket-address.ts";

let send: (message: CommandMessage) => boolean = () => false;
let onSize = () => {};

/** Outlives each connection, and also a `reset`, after which the page connects anew. */
const queue = createCommandQueue({ send: (message) => send(message), onSize: () => onSize() });

/**
 * Follows a board, and carries changes, on one socket.
 * @param onSignal is given whatever the server says
 */
export function connectLive(
  boardId: string,
  cursor: Cursor,
  onEvents: (events: BoardEvent[]) => void,
  onState: (state: ConnectionState, detail?: string) => void,
  userId: string | undefined,
  onSignal: (message: object) => void = () => {},
) {
  let isAway = false;
  const away = () => {
    isAway = true;
    onState("waiting", queue.size > 0 ? `${queue.size} of your changes will be sent` : undefined);
  };
  const socket = createBoardSocket({
    boardId,
    cursor,
    address: (signal) => ticketAddress(userId, signal),
    onEvent: (event) => onEvents([event]),
    onOpen: () => queue.onOpen(),
    onLive: () => {
      isAway = false;
      onState("live");
    },
    onHeartbeat: () => queue.onHeartbeat(),
    onSignal,
    onAnswer: (answer) => queue.onAnswer(answer),
    onAway: away,
    onReset: () => {
      unbind();
      onState("reset");
    },
    onEnd: (reason) => {
      unbind();
      const waiting = queue.size > 0 ? ` Not answered yet: ${queue.size} of your changes.` : "";
      onState("ended", reason + waiting);
    },
  });
  send = (message) => socket.send(message);
  onSize = () => isAway && away();

  return {
    send: socket.send,
    stop() {
      unbind();
      socket.stop();
    },
    run: (command: Command) => queue.add(command),
    forget: () => queue.end("The change was given up."),
  };
}

/** Nothing that happens to the queue from now on is this connection's affair. */
function unbind(): void {
  send = () => false;
  onSize = () => {};
}
