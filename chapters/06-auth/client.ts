import { shouldComeBack } from "../../shared/close-codes.ts";
import type { Connect } from "../../shared/web/connect.ts";
import type { ClientMessage, ServerMessage } from "./messages.ts";

/** The page has users who sign in. */
export const hasAccounts = true;

/** How long to wait before connecting again, on average, in milliseconds. Chapter 07 does better. */
const RETRY_MS = 1_000;

export const connect: Connect = (boardId, cursor, onEvents, onState, userId) => {
  let after = `${cursor.epoch}:${cursor.seq}`;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  async function open(): Promise<void> {
    // A WebSocket that is refused does not say why. A request does, so the ticket is asked for by one.
    const answer = await fetch("/tickets", { method: "POST" }).catch(() => undefined);
    if (isStopped) return;
    if (answer?.status === 401) return end("You are not signed in any more: sign in again.");
    if (!answer?.ok) return comeBack();
    const { ticket, userId: mine } = await answer.json();
    if (isStopped) return;
    // The cookie belongs to all tabs of this browser, and another one may have signed in somebody else.
    if (userId !== undefined && mine !== userId) return end(`This browser is signed in as ${mine} now.`);
    const url = new URL(`/ws?ticket=${ticket}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    socket = new WebSocket(url);
    const send = (message: ClientMessage) => socket?.send(JSON.stringify(message));
    socket.addEventListener("open", () => send({ type: "join", boardId, after }));
    socket.addEventListener("message", ({ data }) => onMessage(JSON.parse(data)));
    socket.addEventListener("close", ({ code, reason }) => {
      if (isStopped) return;
      if (shouldComeBack(code)) comeBack();
      else end(reason);
    });
  }

  function onMessage(message: ServerMessage): void {
    if (isStopped) return;
    if (message.type === "joined") onState("live");
    if (message.type === "event") {
      after = message.id;
      onEvents([message.event]);
    }
    if (message.type === "error") end(message.message);
    if (message.type === "reset") {
      stop();
      onState("reset");
    }
  }

  function comeBack(): void {
    onState("waiting");
    timer = setTimeout(open, RETRY_MS * (0.5 + Math.random()));
  }

  function end(reason: string): void {
    stop();
    onState("ended", reason);
  }

  function stop(): void {
    isStopped = true;
    clearTimeout(timer);
    socket?.close();
  }

  open();
  return stop;
};
