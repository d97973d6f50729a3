import type { ActiveRule } from "./faults.ts";
import {
  type Detail,
  type MessageRow,
  now,
  type Totals,
  type WireConnection,
  type WireMessage,
} from "./message.ts";
import type { Person } from "./person.ts";
import type { TapViewer } from "./tap.ts";

/** Remembers what passed through a tap, as much as fits, for those who want to look at it. */
export interface Recorder extends TapViewer {
  /** All that is remembered. */
  recording(): Recording;
  /** What a row leaves out, or undefined if it is not remembered any more. */
  details(messageId: number): readonly Detail[] | undefined;
  /**
   * Hears what has changed since the last time, a few times a second at most.
   * @returns stops listening
   */
  subscribe(onChange: (change: Recording) => void): () => void;
  /** Forgets the messages, the connections that are closed, and the totals. */
  clear(): void;
}

/** All of it, or what has changed: rows and connections that are new or not any more what they were. */
export interface Recording {
  readonly messages: readonly MessageRow[];
  readonly connections: readonly WireConnection[];
  readonly totals: Readonly<Record<Person, Totals>>;
  readonly rules: readonly ActiveRule[];
  /** Everything before this was cleared. */
  readonly clearedUpTo: number;
}

export interface RecorderOptions {
  /** @default 10000 */
  readonly maxMessages?: number;
  /** What details of all messages together may take, about, in characters. @default 16777216 */
  readonly maxDetailCharacters?: number;
  /** How long changes are collected, in milliseconds. @default 100 */
  readonly collectMs?: number;
}

/** A row is one line. */
const MAX_SUMMARY = 300;

/** What `requestsLastMinute` looks back on, in milliseconds. */
const MINUTE_MS = 60_000;

/** How often it is counted anew when nothing happens, in milliseconds. */
const TICK_MS = 1_000;

export function createRecorder(options: RecorderOptions = {}): Recorder {
  const { maxMessages = 10_000, maxDetailCharacters = 16_777_216, collectMs = 100 } = options;
  // A Map keeps the order of insertion: the first key is the oldest.
  const messages = new Map<number, MessageRow>();
  const details = new Map<number, readonly Detail[]>();
  const connections = new Map<number, WireConnection>();
  /** When the requests of the last minute came, and from which connection. */
  let recentRequests: { readonly at: number; readonly connection: number }[] = [];
  const requestCounts = new Map<Person, number>();
  /** Bytes that are not counted: those up to the last clearing, and those that load pages. */
  const uncounted = new Map<number, { up: number; down: number }>();
  let rules: readonly ActiveRule[] = [];
  let detailCharacters = 0;
  let newestId = 0;
  let clearedUpTo = 0;

  const listeners = new Set<(change: Recording) => void>();
  const changedMessages = new Set<number>();
  const changedConnections = new Set<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ticker: ReturnType<typeof setInterval> | undefined;

  function onMessage(message: WireMessage): void {
    const { details: parts, ...row } = message;
    const isNew = row.id > newestId;
    if (row.isPage) leaveOut(row, row.size - (messages.get(row.id)?.size ?? 0));
    newestId = Math.max(newestId, row.id);
    if (!isNew && !messages.has(row.id)) return; // forgotten meanwhile
    messages.set(row.id, { ...row, summary: oneLine(row.summary) });
    rememberDetails(row.id, parts);
    if (isNew && row.kind === "request" && !row.isPage) countRequest(row);
    forgetOldest();
    changed(changedMessages, row.id);
  }

  function countRequest({ at, connection }: MessageRow): void {
    const person = personOn(connection);
    requestCounts.set(person, (requestCounts.get(person) ?? 0) + 1);
    recentRequests.push({ at, connection });
  }

  function leaveOut({ connection, way }: MessageRow, bytes: number): void {
    const before = uncounted.get(connection) ?? { up: 0, down: 0 };
    if (way) uncounted.set(connection, { ...before, [way]: before[way] + bytes });
  }

  function rememberDetails(id: number, parts: readonly Detail[]): void {
    detailCharacters += charactersIn(parts) - charactersIn(details.get(id) ?? []);
    details.set(id, parts);
  }

  function forgetOldest(): void {
    for (const [id, parts] of details) {
      if (detailCharacters <= maxDetailCharacters) break;
      detailCharacters -= charactersIn(parts);
      details.delete(id);
    }
    for (const id of messages.keys()) {
      if (messages.size <= maxMessages) break;
      messages.delete(id);
      detailCharacters -= charactersIn(details.get(id) ?? []);
      details.delete(id);
    }
  }

  function onConnection(connection: WireConnection): void {
    connections.set(connection.id, connection);
    for (const [id, { closedAt }] of connections) {
      if (connections.size <= maxMessages) break;
      if (closedAt !== undefined) connections.delete(id);
    }
    changed(changedConnections, connection.id);
  }

  function changed(set: Set<number>, id: number): void {
    if (listeners.size > 0) set.add(id);
    schedule();
  }

  /** Changes are told together: a burst of a thousand messages is a few pictures, not a thousand. */
  function schedule(): void {
    if (listeners.size > 0) timer ??= setTimeout(tell, collectMs);
  }

  function tell(): void {
    timer = undefined;
    const change: Recording = {
      messages: [...changedMessages].flatMap((id) => messages.get(id) ?? []),
      connections: [...changedConnections].flatMap((id) => connections.get(id) ?? []),
      totals: totals(),
      rules,
      clearedUpTo,
    };
    changedMessages.clear();
    changedConnections.clear();
    for (const listener of listeners) listener(change);
  }

  function totals(): Record<Person, Totals> {
    const since = now() - MINUTE_MS;
    recentRequests = recentRequests.filter(({ at }) => at > since);
    const people = new Set([...connections.values()].map(({ person }) => person));
    return Object.fromEntries([...people].map((person) => [person, totalsOf(person)]));
  }

  function totalsOf(person: Person): Totals {
    const own = [...connections.values()].filter((connection) => connection.person === person);
    const counted = (way: "up" | "down") =>
      own.reduce((sum, { id, bytesUp, bytesDown }) => {
        const all = way === "up" ? bytesUp : bytesDown;
        return sum + all - (uncounted.get(id)?.[way] ?? 0);
      }, 0);
    return {
      requests: requestCounts.get(person) ?? 0,
      requestsLastMinute: recentRequests.filter(({ connection }) => personOn(connection) === person).length,
      bytesUp: counted("up"),
      bytesDown: counted("down"),
      openConnections: own.filter(({ closedAt }) => closedAt === undefined).length,
    };
  }

  function personOn(connection: number): Person {
    return connections.get(connection)?.person ?? "other";
  }

  return {
    onMessage,
    onConnection,
    onRules(next) {
      rules = next;
      schedule();
    },
    recording: () => ({
      messages: [...messages.values()],
      connections: [...connections.values()],
      totals: totals(),
      rules,
      clearedUpTo,
    }),
    details: (messageId) => details.get(messageId),
    subscribe(onChange) {
      listeners.add(onChange);
      // The last minute goes on when nothing else does.
      ticker ??= setInterval(() => recentRequests.length > 0 && schedule(), TICK_MS);
      return () => {
        listeners.delete(onChange);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        clearInterval(ticker);
        timer = undefined;
        ticker = undefined;
      };
    },
    clear() {
      clearedUpTo = newestId;
      messages.clear();
      details.clear();
      detailCharacters = 0;
      requestCounts.clear();
      recentRequests = [];
      uncounted.clear();
      for (const { id, closedAt, bytesUp, bytesDown } of [...connections.values()]) {
        if (closedAt !== undefined) connections.delete(id);
        else uncounted.set(id, { up: bytesUp, down: bytesDown });
      }
      schedule();
    },
  };
}

function oneLine(text: string): string {
  return text.slice(0, MAX_SUMMARY).replaceAll(/\s+/g, " ");
}

function charactersIn(parts: readonly Detail[]): number {
  return parts.reduce((sum, { label, text }) => sum + label.length + text.length, 0);
}
