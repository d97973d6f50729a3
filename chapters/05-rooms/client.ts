import { shouldComeBack } from "../../shared/close-codes.ts";
import type { Connect } from "../../shared/web/connect.ts";
import type { ClientMessage, ServerMessage } from "./messages.ts";

/** How long to wait before connecting again, on average, in milliseconds. Chapter 07 does better. */
const RETRY_MS = 1_000;

export const connect: Connect = (boardId, cursor, onEvents, onState) => {
  let after = `${cursor.epoch}:${cursor.seq}`;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function open(): void {
    const url = new URL("/ws", location.href);
    // A claim that nobody checks before chapter 06.
    url.searchParams.set("user", new URLSearchParams(location.search).get("user") ?? "alice");
    url.protocol = url.protocol.replace("http", "ws");
    socket = new WebSocket(url);
    const send = (message: ClientMessage) => socket?.send(JSON.stringify(message));
    socket.addEventListener("open", () => send({ type: "join", boardId, after }));
    socket.addEventListener("message", ({ data }) => onMessage(JSON.parse(data)));
    // Nobody comes back for us: a socket that is closed stays closed.
    socket.addEventListener("close", ({ code }) => {
      if (isStopped) return;
      onState("waiting");
      // Jitter: when a server comes back, its clients should not come back in the same instant.
      if (shouldComeBack(code)) timer = setTimeout(open, RETRY_MS * (0.5 + Math.random()));
    });
  }

  function onMessage(message: ServerMessage): void {
    if (isStopped) return;
    if (message.type === "joined") onState("live");
    if (message.type === "event") {
      after = message.id;
      onEvents([message.event]);
    }
    if (message.type === "reset") {
      stop();
      onState("reset");
    }
  }

  function stop(): void {
    isStopped = true;
    clearTimeout(timer);
    socket?.close();
  }

  open();
  return stop;
};
