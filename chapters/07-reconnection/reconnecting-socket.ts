// A WebSocket that comes back. Runs in browsers and in Node, and depends on nothing.
import { type BackoffSettings, createBackoff } from "./backoff.ts";

/**
 * - `connecting`: an attempt is under way
 * - `open`
 * - `waiting`: for the next attempt
 * - `stopped`: there will be no other
 */
export type SocketState = "connecting" | "open" | "waiting" | "stopped";

/** Instead of an address: there is no point in trying again. */
export class Stop {
  /** A sentence for the user. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export interface ReconnectingSocketOptions {
  /** Where to connect to. Asked for every attempt, because a ticket works once. If it rejects, the attempt has failed. */
  address(signal: AbortSignal): Promise<string | URL | Stop>;
  /** Whether to come back after a close with this code. A connection that broke has the code 1006. */
  shouldComeBack(code: number): boolean;
  onMessage(text: string): void;
  /** @param reason why it has stopped, as a sentence */
  onState(state: SocketState, reason?: string): void;
  readonly backoff?: BackoffSettings;
  /** How long an attempt may take, and then the server's first word, in milliseconds. @default 10000 */
  readonly openWithinMs?: number;
  /** After a hint that the network has changed, a server that is there says something within this. In milliseconds. @default 5000 */
  readonly answerWithinMs?: number;
  /** What makes the server say something. */
  readonly probe?: string;
  /** @default the browser's, or Node's own from version 22 on */
  readonly WebSocket?: typeof WebSocket;
}

/** A longer timer runs out at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One attempt, and what becomes of it. A new one begins only when this one is over, whatever its socket still says. */
interface Attempt {
  readonly controller: AbortController;
  socket?: WebSocket;
  openedAt?: number;
}

export function createReconnectingSocket(options: ReconnectingSocketOptions) {
  const {
    address,
    shouldComeBack,
    onMessage,
    onState,
    openWithinMs = 10_000,
    answerWithinMs = 5_000,
  } = options;
  const { probe, WebSocket: Socket = globalThis.WebSocket } = options;
  const backoff = createBackoff(options.backoff);
  let state: SocketState = "waiting";
  let current: Attempt | undefined;
  /** When the next attempt begins; or, while one is under way or open, when it counts as dead. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** For how long a server that is there may be silent, in milliseconds. */
  let maxSilenceMs: number | undefined;
  /** It was asked for a sign of life, and has not answered yet. */
  let isInDoubt = false;

  function setState(next: SocketState, reason?: string): void {
    if (state === next) return;
    state = next;
    onState(next, reason);
  }

  function setTimer(run: () => void, ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  }

  async function connect(): Promise<void> {
    const attempt: Attempt = { controller: new AbortController() };
    current = attempt;
    isInDoubt = false;
    setTimer(() => fail(attempt), openWithinMs);
    setState("connecting");
    let url: string | URL | Stop;
    try {
      url = await address(attempt.controller.signal);
    } catch {
      fail(attempt);
      return;
    }
    if (attempt !== current) return;
    if (url instanceof Stop) {
      stop(url.reason);
      return;
    }
    let socket: WebSocket;
    try {
      socket = new Socket(url);
    } catch {
      fail(attempt); // that was no address
      return;
    }
    attempt.socket = socket;
    socket.addEventListener("open", () => {
      if (attempt !== current) return;
      attempt.openedAt = performance.now();
      setTimer(() => fail(attempt), maxSilenceMs ?? openWithinMs);
      setState("open");
    });
    socket.addEventListener("message", ({ data }) => {
      if (attempt !== current) return;
      expectMore();
      onMessage(String(data));
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (attempt !== current) return;
      if (shouldComeBack(code)) fail(attempt);
      else stop(reason || `The server has closed the connection (${code}).`);
    });
    // An error is always followed by a close. Without a listener some implementations throw it.
    socket.addEventListener("error", () => {});
  }

  /** The attempt is over, or its connection is: on to the next one. */
  function fail(attempt: Attempt): void {
    if (attempt !== current) return;
    abandon();
    if (attempt.openedAt !== undefined) backoff.ended(performance.now() - attempt.openedAt);
    setTimer(connect, backoff.next());
    setState("waiting");
  }

  /** A close on a dead connection would wait for an answer that never comes, so nobody waits for it. */
  function abandon(): void {
    const attempt = current;
    current = undefined;
    clearTimeout(timer);
    attempt?.controller.abort();
    attempt?.socket?.close();
  }

  /** Called with every sign of life. Silence for longer than this, and the connection is taken for dead. */
  function expectMore(): void {
    const attempt = current;
    isInDoubt = false;
    if (attempt && maxSilenceMs !== undefined) setTimer(() => fail(attempt), maxSilenceMs);
    else clearTimeout(timer);
  }

  /** The network is back, or somebody looks at the page again. It is a hint, and no proof of anything. */
  function onHint(): void {
    if (globalThis.document?.hidden) return;
    if (state === "waiting") connect();
    else if (state === "open") doubt();
  }

  /** Perhaps the laptop has slept and the server has given up on us long ago: ask, and do not wait long. */
  function doubt(): void {
    const attempt = current;
    if (!attempt || probe === undefined || isInDoubt) return;
    isInDoubt = true;
    attempt.socket?.send(probe);
    setTimer(() => fail(attempt), answerWithinMs);
  }

  function stop(reason?: string): void {
    if (state === "stopped") return;
    globalThis.removeEventListener?.("online", onHint);
    globalThis.document?.removeEventListener("visibilitychange", onHint);
    abandon();
    setState("stopped", reason);
  }

  globalThis.addEventListener?.("online", onHint);
  globalThis.document?.addEventListener("visibilitychange", onHint);
  connect();

  return {
    get state(): SocketState {
      return state;
    },
    /** @returns whether it was handed to an open socket. It may get lost all the same. */
    send(text: string): boolean {
      if (state !== "open") return false;
      current?.socket?.send(text);
      return true;
    },
    /** The server has promised a sign of life so often, in milliseconds. One that is late is late; two are missing. */
    expectEvery(ms: number): void {
      maxSilenceMs = Math.min(ms * 2, MAX_TIMER_MS);
      expectMore();
    },
    stop,
  };
}
