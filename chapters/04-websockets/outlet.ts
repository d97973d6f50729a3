// One socket's way out: bounded, because a client that does not read must not cost more than it is worth.
import type { WebSocket } from "ws";
import { CLOSE_CODES } from "../../shared/close-codes.ts";
import type { Outlet } from "../03-sse/followers.ts";

export interface OutletSettings {
  /** A client that has left this much unread is closed with 4008. In bytes. */
  readonly maxBacklogBytes: number;
  /**
   * So is one whose backlog has not become smaller for so long, in milliseconds. What the system holds for it is invisible
   * from here, so a very slow reader can be taken for a dead one.
   */
  readonly maxStallMs: number;
}

/** A socket as somewhere to send to. */
export interface SocketOutlet extends Outlet {
  /** Ends it in good order, with one of the close codes and a few words. */
  close(code: number, reason: string): void;
  /** The client has left so much unread that what can be done without should not be sent to it. */
  readonly isBehind: boolean;
}

/** Below this a client counts as having taken what was sent, in bytes. */
const NEARLY_DRAINED_BYTES = 65_536;

/** How often a backlog is looked at, in milliseconds. */
const LOOK_MS = 50;

/** @param write hands bytes to the connection */
export function createOutlet(
  socket: WebSocket,
  { maxBacklogBytes, maxStallMs }: OutletSettings,
  write: (bytes: Uint8Array) => void,
): SocketOutlet {
  let timer: ReturnType<typeof setInterval> | undefined;
  let waiting: (() => void)[] = [];
  let lastBacklog = 0;
  let lastProgressAt = 0;

  const isOpen = () => socket.readyState === socket.OPEN;

  function send(bytes: Uint8Array): void {
    if (!isOpen()) return;
    write(bytes);
    if (socket.bufferedAmount > maxBacklogBytes) cut();
    else watch();
  }

  /** A socket does not say when it has drained, so we look, as long as something waits. */
  function watch(): void {
    if (timer || socket.bufferedAmount === 0) return;
    lastBacklog = socket.bufferedAmount;
    lastProgressAt = performance.now();
    timer = setInterval(look, LOOK_MS);
  }

  function look(): void {
    const backlog = socket.bufferedAmount;
    if (backlog < lastBacklog) lastProgressAt = performance.now();
    lastBacklog = backlog;
    if (backlog <= NEARLY_DRAINED_BYTES || !isOpen()) resume();
    if (backlog === 0 || !isOpen()) stop();
    else if (performance.now() - lastProgressAt > maxStallMs) cut();
  }

  /** The close frame waits behind everything else. If the client does not read that far, the time limit ends it. */
  function cut(): void {
    socket.close(CLOSE_CODES.slow, "the client does not read");
    stop();
    resume();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  function resume(): void {
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  socket.on("close", () => {
    stop();
    resume();
  });
  return {
    send,
    drained: async () => {
      if (socket.bufferedAmount <= NEARLY_DRAINED_BYTES || !isOpen()) return;
      watch();
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    close: (code, reason) => socket.close(code, reason),
    fail: () => socket.close(CLOSE_CODES.internalError, "the server has made a mistake"),
    get isOpen() {
      return isOpen();
    },
    get isBehind() {
      return socket.bufferedAmount > NEARLY_DRAINED_BYTES;
    },
  };
}
