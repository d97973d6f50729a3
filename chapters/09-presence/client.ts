import type { Connect } from "../../shared/web/connect.ts";
import { createBoardSocket } from "../07-reconnection/board-socket.ts";
import { createCommandQueue } from "../07-reconnection/command-queue.ts";
import type { CommandMessage } from "../07-reconnection/commands.ts";
import { ticketAddress } from "../07-reconnection/ticket-address.ts";
import { createPeople } from "./people.ts";

/** The page has users who sign in. */
export const hasAccounts = true;

let send: (message: CommandMessage) => boolean = () => false;
let onSize = () => {};

/** Outlives each connection, and also a `reset`, after which the page connects anew. */
const queue = createCommandQueue({ send: (message) => send(message), onSize: () => onSize() });

export const connect: Connect = (boardId, cursor, onEvents, onState, userId, onPeople) => {
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
    onAnswer: (answer) => queue.onAnswer(answer),
    onSignal: createPeople(onPeople),
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
    stop() {
      unbind();
      socket.stop();
    },
    run: (command) => queue.add(command),
    typing: (taskId) => socket.send({ type: "typing", boardId, ...(taskId && { taskId }) }),
    stopTyping: () => socket.send({ type: "stop_typing", boardId }),
    forget: () => queue.end("The change was given up."),
  };
};

/** Nothing that happens to the queue from now on is this connection's affair. */
function unbind(): void {
  send = () => false;
  onSize = () => {};
}
