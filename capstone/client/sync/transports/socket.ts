// Grows ../../../../chapters/07-reconnection/board-socket.ts: one attempt instead of many, because the connection manager may go on by
// another transport; it carries the commands too, and is live only when it has reached the end of the log.
import { shouldComeBack } from "../../../../shared/close-codes.ts";
import type { Answer, Command } from "../../../board/commands.ts";
import type { BoardEvent } from "../../../board/events.ts";
import type { ServerMessage, SignalMessage } from "../../../board/messages.ts";
import { endOfCode, endOfError } from "./close-code.ts";
import { AWAY, type Connection, type End, type FollowOptions, type Transport } from "./transport.ts";
import { catchUp } from "./updates.ts";

/** What is used of a WebSocket. The browser's is one, and that of `ws`. */
export interface SocketLike {
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: "close",
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
  /** Missing where only tests are at the other end. */
  readonly readyState?: number;
  send(text: string): void;
  close(): void;
}

export interface SocketSettings {
  /** @default the browser's, or Node's own from version 22 on */
  readonly WebSocket?: new (
    url: string,
  ) => SocketLike;
  /** The first word after opening has to come within this, in milliseconds. @default 5000 */
  readonly helloWithinMs?: number;
  /** How long the server may take to answer, in milliseconds. @default 10000 */
  readonly answerWithinMs?: number;
}

/** A command whose answer did not come. */
class UnansweredError extends Error {}

/** https://websockets.spec.whatwg.org/#dom-websocket-open */
const OPEN = 1;

export function socketTransport(settings: SocketSettings = {}): Transport {
  const { helloWithinMs = 5_000, answerWithinMs = 10_000 } = settings;

  function open(options: FollowOptions): Connection {
    const { boardId, cursor, onAlive, onEvents } = options;
    const stopping = new AbortController();
    const unanswered = new Map<string, (answer: Answer | undefined) => void>();
    let isOver = false;
    let isOpen = false;
    /** The server has said how often it says something, in milliseconds. */
    let everyMs: number | undefined;
    let isJoining = false;
    /** What the last heartbeat said of the log's end. */
    let headBefore = 0;
    /** At the last heartbeat the server did not know that we follow this board. */
    let isMissing = false;
    let hasPresence = false;
    const Socket = settings.WebSocket ?? (globalThis.WebSocket as unknown as new (url: string) => SocketLike);
    const socket = new Socket(addressOf(options.baseUrl));
    // A server that has begun to close it does not hear anything any more, and browsers complain.
    const send = (message: object) =>
      isOpen && (socket.readyState ?? OPEN) === OPEN && socket.send(JSON.stringify(message));

    socket.addEventListener("open", () => {
      if (isOver) return socket.close();
      isOpen = true;
      join();
    });
    socket.addEventListener("message", ({ data }) => {
      if (isOver) return;
      onAlive(everyMs === undefined ? helloWithinMs : everyMs * 2);
      read(JSON.parse(String(data)));
    });
    socket.addEventListener("close", ({ code, reason }) => {
      end(shouldComeBack(code) && code !== 4010 ? AWAY : endOfCode(code, reason));
    });
    // An error is always followed by a close. Without a listener some implementations throw it.
    socket.addEventListener("error", () => {});

    function join(): void {
      if (isJoining) return;
      isJoining = true;
      const { epoch, seq } = cursor();
      send({ type: "join", boardId, after: `${epoch}:${seq}` });
    }

    function read(message: ServerMessage): void {
      if (message.type === "event") takeEvent(message.event, message.id);
      else if (message.type === "joined") joined(message);
      else if (message.type === "answer") answered(message);
      else if (message.type === "heartbeat") compare(message.everyMs, message.heads[boardId]);
      else if (message.type === "reset" && message.boardId === boardId) end({ kind: "reset" });
      else if (message.type === "error") end(endOfError(message.code));
      else if (isSignal(message) && message.boardId === boardId) signal(message);
    }

    function signal(message: SignalMessage): void {
      if (message.type === "presence") hasPresence = true;
      options.onSignal(message);
    }

    function takeEvent(event: BoardEvent, id: string): void {
      if (event.boardId !== boardId) return;
      onEvents([event], id.slice(0, id.lastIndexOf(":")));
    }

    function joined({ users }: { readonly users: readonly string[] }): void {
      isJoining = false;
      // A server that says who types as well has done so already.
      if (!hasPresence) options.onSignal({ type: "presence", boardId, users, typing: [] });
      lookAtHead().catch(() => end(AWAY));
    }

    /** The answer to a `join` does not say where the log ends. */
    async function lookAtHead(): Promise<void> {
      const question = { boardId, cursor, signal: stopping.signal, withinMs: answerWithinMs };
      const why = await catchUp(options, question, onEvents);
      if (isOver) return;
      if (why) end(why);
      else options.onLive();
    }

    /**
     * A gap shows when the next event comes, and the caller fills it. If it was the last one that got lost, only the head can tell. Not
     * at once: what the log has had for one heartbeat already should have arrived by the next.
     */
    function compare(ms: number, head: number | undefined): void {
      everyMs = ms;
      onAlive(ms * 2);
      if (head === undefined) {
        if (isMissing) rejoin();
        isMissing = true;
        return;
      }
      isMissing = false;
      if (cursor().seq < headBefore) rejoin();
      headBefore = head;
    }

    function rejoin(): void {
      options.onBehind();
      isJoining = false;
      join();
    }

    function answered({ key, type: _, ...answer }: Answer & { key: string; type: string }): void {
      unanswered.get(key)?.(answer);
      unanswered.delete(key);
    }

    function run(key: string, command: Command): Promise<Answer> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => unanswered.get(key)?.(undefined), answerWithinMs);
        unanswered.set(key, (answer) => {
          clearTimeout(timer);
          unanswered.delete(key);
          if (answer) resolve(answer);
          else reject(new UnansweredError("The connection has ended before the answer came."));
        });
        send({ ...command, key });
      });
    }

    function end(why: End): void {
      if (isOver) return;
      close();
      options.onEnd(why);
    }

    function close(isLeaving = false): void {
      if (isLeaving) send({ type: "leave", boardId });
      isOver = true;
      isOpen = false;
      stopping.abort();
      // On a dead connection this waits for an answer that never comes, and nobody waits for it.
      socket.close();
      for (const settle of [...unanswered.values()]) settle(undefined);
    }

    return {
      close,
      run,
      probe: () => send({ type: "ping" }),
      typing: (where) =>
        send(where === "stopped" ? { type: "stop_typing", boardId } : { type: "typing", boardId, ...where }),
    };
  }

  return { name: "socket", open };
}

function addressOf(baseUrl: string): string {
  const url = new URL("/ws", baseUrl || globalThis.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

const SIGNALS = new Set<string>([
  "presence",
  "user_joined",
  "user_left",
  "user_typing",
  "user_stopped_typing",
]);

function isSignal(message: ServerMessage): message is SignalMessage {
  return SIGNALS.has(message.type);
}
