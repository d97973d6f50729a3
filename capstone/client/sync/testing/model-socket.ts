// The sockets of the model server.
import { Refusal } from "../../../../shared/refusal.ts";
import type { Answer, Command } from "../../../board/commands.ts";
import type { BoardEvent } from "../../../board/events.ts";
import type { Store } from "../../../server/store/store.ts";
import type { SocketLike } from "../transports/socket.ts";
import type { Network } from "./model-server.ts";

export interface ModelSocket {
  cut(): void;
  closeWith(code: number): void;
}

export interface ModelSocketOptions {
  readonly store: Store;
  readonly network: Network;
  readonly sockets: Set<ModelSocket>;
  readonly heartbeatMs: number;
  runCommand(userId: string, key: string, command: Command): Promise<Answer | undefined>;
  pause(): Promise<unknown>;
}

type Listener = (event: never) => void;

export function modelSocketFor(options: ModelSocketOptions, userId: string): new (url: string) => SocketLike {
  const { store, network, sockets, heartbeatMs, runCommand, pause } = options;

  return class {
    constructor() {
      Object.assign(this, open());
    }
    declare addEventListener: (type: string, listener: Listener) => void;
    declare send: (text: string) => void;
    declare close: () => void;
  };

  function open(): SocketLike & ModelSocket {
    const listeners = new Map<string, Listener[]>();
    const tell = (type: string, event: object) => {
      for (const listener of listeners.get(type) ?? []) listener(event as never);
    };
    let isOpen = false;
    let isOver = false;
    let timer: ReturnType<typeof setInterval> | undefined;
    let down = Promise.resolve();
    let up = Promise.resolve();
    /** What it follows: the last seq that was sent. */
    let following: { boardId: string; epoch: string; seq: number } | undefined;
    let isReading = false;
    let hasMissed = false;

    const send = (message: object) => {
      const text = JSON.stringify(message);
      down = down.then(pause).then(() => {
        if (isOpen && !network.isFrozen) tell("message", { data: text });
      }) as Promise<void>;
    };

    function sendEvent(event: BoardEvent, epoch: string): void {
      if (network.drops()) return;
      const message = { type: "event", id: `${epoch}:${event.seq}`, event };
      send(message);
      if (network.repeats()) send(message);
    }

    async function read(): Promise<void> {
      if (isReading) {
        hasMissed = true;
        return;
      }
      isReading = true;
      do {
        hasMissed = false;
        const own = following;
        if (!own) break;
        const page = await store.eventsAfter(own.boardId, own, 1_000);
        if (own !== following) {
          hasMissed = true;
          continue;
        }
        if (page instanceof Refusal)
          send({ type: "reset", boardId: own.boardId, reason: page.message, seq: 0 });
        else for (const event of page.events) sendEvent(event, own.epoch);
        if (!(page instanceof Refusal)) own.seq = page.seq;
      } while (hasMissed && isOpen);
      isReading = false;
    }

    async function onMessage(message: Record<string, never> & { type: string }): Promise<void> {
      if (message.type === "ping") send({ type: "pong" });
      else if (message.type === "join") {
        const { boardId, after } = message as unknown as { boardId: string; after: string };
        if ((await store.roleOf(userId, boardId)) === undefined) {
          send({ type: "error", code: "not_found", message: "There is no such board." });
          return;
        }
        const [epoch = "", seq] = after.split(":");
        following = { boardId, epoch, seq: Number(seq) };
        send({ type: "joined", boardId, seq: Number(seq), users: [userId] });
        await read();
      } else if ("key" in message) {
        const { key, ...command } = message as unknown as Command & { key: string };
        const answer = await runCommand(userId, key, command as Command);
        if (answer) send({ type: "answer", key, ...answer });
      }
    }

    function over(code: number): void {
      if (isOver) return;
      isOver = true;
      isOpen = false;
      clearInterval(timer);
      stopListening();
      sockets.delete(socket);
      queueMicrotask(() => tell("close", { code, reason: "" }));
    }

    async function beat(): Promise<void> {
      const head = following && (await store.head(following.boardId).catch(() => undefined));
      send({
        type: "heartbeat",
        everyMs: heartbeatMs,
        heads: following && head ? { [following.boardId]: head.seq } : {},
      });
    }

    const stopListening = store.onCommit(() => void read());
    const socket: SocketLike & ModelSocket = {
      addEventListener: (type: string, listener: unknown) => {
        listeners.set(type, [...(listeners.get(type) ?? []), listener as Listener]);
      },
      send(text) {
        up = up
          .then(pause)
          .then(() => (isOpen && !network.isFrozen ? onMessage(JSON.parse(text)) : undefined))
          .catch(() => {});
      },
      close: () => over(1000),
      cut: () => over(1006),
      closeWith: over,
    };
    pause().then(() => {
      if (isOver || network.isFrozen) return;
      if (network.isDown || !network.hasSockets || userId === "") return over(1006);
      isOpen = true;
      sockets.add(socket);
      tell("open", {});
      send({ type: "hello", maxMessageBytes: 65_536, maxMessagesPerSecond: 50 });
      void beat();
      timer = setInterval(() => void beat(), heartbeatMs);
      return undefined;
    });
    return socket;
  }
}
