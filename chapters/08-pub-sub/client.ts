import type { Connect } from "../../shared/web/connect.ts";
import { createBoardSocket } from "../07-reconnection/board-socket.ts";
import { createCommandQueue } from "../07-reconnection/command-queue.ts";
import type { CommandMessage } from "../07-reconnection/commands.ts";
import { Stop } from "../07-reconnection/reconnecting-socket.ts";

/** The page has users who sign in. */
export const hasAccounts = true;

let send: (message: CommandMessage) => boolean = () => false;
let onSize = () => {};

/** Outlives each connection, and also a `reset`, after which the page connects anew. */
const queue = createCommandQueue({ send: (message) => send(message), onSize: () => onSize() });

export const connect: Connect = (boardId, cursor, onEvents, onState) => {
  let isAway = false;
  const away = () => {
    isAway = true;
    onState("waiting", queue.size > 0 ? `${queue.size} of your changes will be sent` : undefined);
  };
  const socket = createBoardSocket({
    boardId,
    cursor,
    address,
    onEvent: (event) => onEvents([event]),
    onOpen: () => queue.onOpen(),
    onLive: () => {
      isAway = false;
      onState("live");
    },
    onHeartbeat: () => queue.onHeartbeat(),
    onAnswer: (answer) => queue.onAnswer(answer),
    onAway: away,
    onReset: () => onState("reset"),
    onEnd: (reason) => {
      const unsent = queue.size > 0 ? ` ${queue.size} of your changes wait until you are back.` : "";
      onState("ended", reason + unsent);
    },
  });
  send = (message) => socket.send(message);
  onSize = () => isAway && away();
  return {
    stop: socket.stop,
    run: (command) => queue.add(command),
    forget: () => queue.end("The change was given up."),
  };
};

/** A WebSocket that is refused does not say why. A request does, so the ticket is asked for by one. */
async function address(signal: AbortSignal): Promise<URL | Stop> {
  const answer = await fetch("/tickets", { method: "POST", signal });
  if (answer.status === 401) return new Stop("You are not signed in any more: sign in again.");
  const { ticket } = await answer.json();
  const url = new URL(`/ws?ticket=${ticket}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}
