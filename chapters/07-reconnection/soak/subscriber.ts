// Those who follow the board in a soak: by each transport, and with a note of everything that was on the wire.
import { createParser } from "eventsource-parser";
import { WebSocket } from "ws";
import { parseCursor } from "../../../shared/cursor.ts";
import type { BoardEvent, Cursor, Snapshot } from "../../../shared/events.ts";
import type { Subscriber, WireRecord } from "../../../shared/testing/history.ts";
import { applyEvent } from "../../../shared/web/board-state.ts";
import { createBoardSocket } from "../board-socket.ts";
import { soakAddress } from "./soak-address.ts";

export type Transport = "polling" | "long-polling" | "sse" | "socket";

export interface SubscriberOptions {
  readonly name: string;
  readonly userId: string;
  readonly transport: Transport;
  readonly baseUrl: string;
  readonly cookie: string;
}

/** How long to wait after something has gone wrong, in milliseconds. Chapters 01 to 03 know better. */
const RETRY_MS = 100;

/** A stream that is silent for so long is dead, in milliseconds: the server's heartbeat comes three times as often. */
const SILENCE_MS = 1_000;

/** What finds a write again in the event that it made: the title, if a writer of the soak has given it. Else "". */
export function markOf(event: BoardEvent): string {
  if (event.type !== "task_created" && event.type !== "task_updated") return "";
  const { title } = event.data.task;
  return title.startsWith("writer-") ? title : "";
}

export function startSubscriber({ name, userId, transport, baseUrl, cookie }: SubscriberOptions) {
  const wire: WireRecord[] = [];
  const stopping = new AbortController();
  // The name is for the tap: it tells the connections apart by this header. The server does not look at it.
  const headers = { cookie, "x-user": name };
  const board = `${baseUrl}/boards/board-1`;
  let snapshot: Snapshot | undefined;
  let connection = 0;

  const isStopped = () => stopping.signal.aborted;
  const pause = (ms = RETRY_MS) => new Promise((resolve) => setTimeout(resolve, ms));
  const cursor = () => ({ epoch: snapshot?.board.epoch ?? "", seq: snapshot?.seq ?? 0 });
  const after = () => `${cursor().epoch}:${cursor().seq}`;

  function get(url: string, more: Record<string, string> = {}, signal = AbortSignal.timeout(3_000)) {
    return fetch(url, {
      headers: { ...headers, ...more },
      signal: AbortSignal.any([signal, stopping.signal]),
    });
  }

  /** @param asked what it was asked for, as it was on the wire */
  function opened(asked = after()): number {
    connection += 1;
    const { epoch = "", seq = -1 } = parseCursor(asked) ?? {};
    wire.push({ kind: "open", at: Date.now(), connection, cursor: { epoch, seq } });
    return connection;
  }

  function noted(event: BoardEvent, on: number): void {
    wire.push({ kind: "event", at: Date.now(), connection: on, seq: event.seq, mark: markOf(event) });
  }

  /** As a page does: whoever hands over an event twice, or leaves one out, ends with another board. */
  function apply(event: BoardEvent): void {
    if (snapshot) snapshot = applyEvent(snapshot, event);
  }

  function received(event: BoardEvent, on: number): void {
    noted(event, on);
    if (event.seq === cursor().seq + 1) apply(event);
  }

  /** From where the server was to go on: what it was asked for, and once something has come from there, what has come. */
  function askedOf(on: number): Cursor {
    const asked = wire.findLastIndex((record) => record.kind === "open" && record.connection === on);
    const open = wire[asked];
    const hasCome = wire.slice(asked).some((record) => record.kind === "event" && record.connection === on);
    return open?.kind === "open" && !hasCome ? open.cursor : cursor();
  }

  /** @param reason what the server has said */
  function reset(on: number, reason?: string): void {
    wire.push({ kind: "reset", at: Date.now(), connection: on, cursor: askedOf(on), reason });
    snapshot = undefined;
  }

  function closed(on: number, code?: number): void {
    wire.push({ kind: "close", at: Date.now(), connection: on, code });
  }

  /** @returns whether there is a board to follow: not while the user is no member, or the network is away */
  async function load(): Promise<boolean> {
    const response = await get(board).catch(() => undefined);
    const fresh: Snapshot | undefined = response?.ok
      ? await response.json().catch(() => undefined)
      : undefined;
    if (!fresh || isStopped()) return false;
    snapshot = fresh;
    wire.push({ kind: "snapshot", at: Date.now(), seq: fresh.seq, epoch: fresh.board.epoch });
    return true;
  }

  /** Polls, short or long. As long as they succeed they are one connection. */
  async function poll(route: "updates" | "poll"): Promise<void> {
    let on: number | undefined;
    while (!isStopped()) {
      if (!snapshot && !(await load())) {
        await pause();
        continue;
      }
      if (on === undefined) on = opened();
      else wire.push({ kind: "open", at: Date.now(), connection: on, cursor: cursor() });
      try {
        const response = await get(`${board}/${route}?after=${after()}`);
        if (response.status === 200) {
          const { events } = (await response.json()) as { events: BoardEvent[] };
          for (const event of events) received(event, on);
        } else if (response.status === 410) {
          reset(on);
        } else if (response.status !== 204 && response.status !== 304) {
          throw new Error(`${response.status}`);
        }
        if (route === "updates") await pause(150);
      } catch {
        closed(on);
        on = undefined;
        await pause();
      }
    }
    if (on !== undefined) closed(on);
  }

  async function stream(): Promise<void> {
    while (!isStopped()) {
      if (!snapshot && !(await load())) {
        await pause();
        continue;
      }
      const on = opened();
      await readStream(on).catch(() => {});
      closed(on);
      await pause();
    }
  }

  async function readStream(on: number): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const response = await get(`${board}/events`, { "last-event-id": after() }, silence.signal);
      if (!response.ok || !response.body) return;
      let isOver = false;
      const parser = createParser({
        onEvent: ({ id, event, data }) => {
          if (isOver) return;
          if (event === "reset") reset(on);
          if (event === "reset" || event === "end") isOver = true;
          // What has no id is a signal of a later chapter, and in no log.
          else if (id !== undefined) received(JSON.parse(data), on);
        },
      });
      const text = new TextDecoder();
      for await (const bytes of response.body) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        parser.feed(text.decode(bytes, { stream: true }));
        if (isOver || isStopped()) return;
      }
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  /** This chapter's own client, with a socket that takes notes. */
  async function socket(): Promise<void> {
    while (!isStopped()) {
      if (snapshot || (await load())) await followBySocket();
      await pause();
    }
  }

  function followBySocket(): Promise<void> {
    return new Promise((resolve) => {
      class NotingSocket extends WebSocket {
        /** The connection that events belong to, and those that begin with the answers to the next joins. */
        connection = 0;
        readonly asked: number[] = [];
        isOver = false;
        constructor(url: string | URL) {
          super(url, { headers });
          this.on("message", (data) => this.note(JSON.parse(String(data))));
          this.on("close", (code) => this.end(code));
        }
        override send(text: string): void {
          const message = JSON.parse(text);
          if (message.type === "join") this.asked.push(opened(message.after ?? ""));
          super.send(text);
        }
        /** The client has given it up: what still comes is not looked at. */
        override close(): void {
          this.end();
          super.close();
        }
        note(message: { type: string; event?: BoardEvent; reason?: string }): void {
          if (this.isOver) return;
          if (message.type === "joined") this.connection = this.asked.shift() ?? this.connection;
          if (message.type === "event" && message.event) noted(message.event, this.connection);
          if (message.type === "reset") reset(this.connection, message.reason);
        }
        end(code?: number): void {
          if (!this.isOver && this.connection > 0) closed(this.connection, code);
          this.isOver = true;
        }
      }
      const following = createBoardSocket({
        boardId: "board-1",
        cursor: cursor(),
        address: soakAddress(baseUrl, headers),
        WebSocket: NotingSocket as unknown as typeof globalThis.WebSocket,
        backoff: { maxMs: 500 },
        onEvent: apply,
        onOpen: () => {},
        onLive: () => {},
        onHeartbeat: () => {},
        onAnswer: () => {},
        onAway: () => {},
        onReset: end,
        onEnd: end,
      });
      function end(): void {
        stopping.signal.removeEventListener("abort", end);
        following.stop();
        resolve();
      }
      stopping.signal.addEventListener("abort", end);
    });
  }

  const run = {
    polling: () => poll("updates"),
    "long-polling": () => poll("poll"),
    sse: stream,
    socket,
  }[transport]();

  return {
    name,
    userId,
    transport,
    /** The last seq that it has applied; undefined while it has no board. */
    get seq() {
      return snapshot?.seq;
    },
    /** Ends it. @returns what it has seen */
    async stop(): Promise<Subscriber> {
      stopping.abort();
      await run;
      if (!snapshot) throw new Error(`${name} has no board`);
      return { name, userId, transport, wire, board: snapshot };
    },
  };
}
