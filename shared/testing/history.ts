// Judges a recorded run, as Jepsen and Elle do: many write and many follow while network and server fail, and
// afterwards only what was recorded counts. https://jepsen.io/consistency
import { isDeepStrictEqual } from "node:util";
import type { Cursor, Snapshot } from "../events.ts";

/** One change that somebody asked for. All times in a history are `Date.now()` of one machine. */
export interface Write {
  /** A text unique to this change, which is found again in the event that it makes. */
  readonly mark: string;
  readonly userId: string;
  readonly startedAt: number;
  /** Undefined: never answered. */
  readonly endedAt?: number | undefined;
  readonly outcome: "acknowledged" | "failed" | "unknown";
  /** Whoever wrote it asks again until there is an answer. */
  readonly mustBeAnswered?: boolean | undefined;
  /** What the acknowledgement said, if it says. */
  readonly seq?: number | undefined;
}

/** One who follows the board, over all of its connections. */
export interface Subscriber {
  readonly name: string;
  readonly userId: string;
  readonly transport: string;
  /** What it saw, in that order. */
  readonly wire: readonly WireRecord[];
  /** Its board after the last record. */
  readonly board: Snapshot;
}

/** Where polls are connections, each is an `open`, its events and a `close`. */
export type WireRecord =
  /** A whole board was fetched, and the cursor is now this. */
  | { readonly kind: "snapshot"; readonly at: number; readonly seq: number; readonly epoch: string }
  /** It was asked to follow from a cursor: by a poll, a stream, a join. */
  | { readonly kind: "open"; readonly at: number; readonly connection: number; readonly cursor: Cursor }
  /** As it was on the wire, before anything that came twice was left out. No `Write` has the mark "". */
  | (LogEntry & { readonly kind: "event"; readonly connection: number })
  /** The server said that it cannot continue from this cursor. */
  | {
      readonly kind: "reset";
      readonly at: number;
      readonly connection: number;
      readonly cursor: Cursor;
      /** As it was said: for who has to find out why. */
      readonly reason?: string | undefined;
    }
  | {
      readonly kind: "close";
      readonly at: number;
      readonly connection: number;
      readonly code?: number | undefined;
    };

type SnapshotRecord = Extract<WireRecord, { kind: "snapshot" }>;
type OpenRecord = Extract<WireRecord, { kind: "open" }>;
type EventRecord = Extract<WireRecord, { kind: "event" }>;

export interface LogEntry {
  readonly seq: number;
  readonly mark: string;
  readonly at: number;
  /** Who did it, where that is known. */
  readonly userId?: string | undefined;
}

export interface History {
  readonly writes: readonly Write[];
  /** The server's log at the end, from the first seq that is left. */
  readonly log: readonly LogEntry[];
  readonly epoch: string;
  /** Fetched after the end. */
  readonly snapshot: Snapshot;
  readonly subscribers: readonly Subscriber[];
  readonly faults: readonly { readonly kind: string; readonly from: number; readonly to: number }[];
  /** With the seq of `member_removed`, and of the `member_added` that let them in again. */
  readonly revocations: readonly {
    readonly userId: string;
    readonly at: number;
    readonly seq: number;
    readonly until?: number | undefined;
  }[];
  /** When the log was cut: everything up to this seq was gone. */
  readonly prunings: readonly { readonly at: number; readonly upTo: number }[];
}

/** What a run has to show before nothing wrong in it means anything. */
export interface Demands {
  /** Connections that were opened after another one had closed. */
  readonly minReconnects: number;
  /** Events that were older than the connection that they came on. */
  readonly minReplayedEvents: number;
  /** Faults during which somebody waited for the answer to a write. */
  readonly minFaultsOverWrites: number;
}

export type Rule = keyof typeof RULES;

export type Verdict =
  | { readonly verdict: "valid" }
  | {
      readonly verdict: "invalid";
      readonly rule: Rule;
      readonly message: string;
      /** The smallest counterexample: the few records that show it. */
      readonly witness: readonly object[];
    }
  | { readonly verdict: "unknown"; readonly message: string };

/** One breach of a rule. */
interface Finding {
  readonly at: number;
  readonly message: string;
  readonly witness: readonly object[];
}

const DEFAULT_DEMANDS: Demands = { minReconnects: 3, minReplayedEvents: 3, minFaultsOverWrites: 1 };

/** How long an event may still be under way, on a network without faults. */
const GRACE_MS = 1_000;

/** Of what shows only afterwards. */
const AT_THE_END = Number.MAX_VALUE;

const RULES = {
  writesAreKept,
  logIsWhole,
  connectionsAreDense,
  eventsAreTheLogs,
  connectionsResume,
  subscribersCatchUp,
  boardsAgree,
  revocationsHold,
  resetsAreJustified,
  causesComeFirst,
} satisfies Record<string, (history: History) => Iterable<Finding>>;

/** @returns of several breaches the one with the smallest witness, and of those the earliest */
export function checkHistory(history: History, demands: Partial<Demands> = {}): Verdict {
  const findings = Object.entries(RULES).flatMap(([rule, findIn]) =>
    [...findIn(history)].map((finding) => ({ rule: rule as Rule, ...finding })),
  );
  const [first] = findings.sort((a, b) => a.witness.length - b.witness.length || a.at - b.at);
  if (first) {
    const { rule, message, witness } = first;
    return { verdict: "invalid", rule, message, witness };
  }
  const missing = missingIn(history, { ...DEFAULT_DEMANDS, ...demands });
  if (missing.length === 0) return { verdict: "valid" };
  return { verdict: "unknown", message: `The run shows too little: ${missing.join("; ")}.` };
}

/** For the message of a test that fails. */
export function describeVerdict(verdict: Verdict): string {
  if (verdict.verdict === "valid") return "valid";
  if (verdict.verdict === "unknown") return `unknown\n${verdict.message}`;
  const { rule, message, witness } = verdict;
  return [`invalid: ${rule}`, message, ...witness.map((record) => `  ${JSON.stringify(record)}`)].join("\n");
}

/** An acknowledged write is in the log once and where it was said to be, an unknown one at most once, a failed one never. */
function* writesAreKept(history: History): Generator<Finding> {
  const pruned = prunedUpTo(history);
  const [oldest] = history.log;
  const entries = new Map<string, LogEntry[]>();
  for (const entry of knownLog(history).values()) {
    const same = entries.get(entry.mark);
    if (same) same.push(entry);
    else entries.set(entry.mark, [entry]);
  }
  for (const write of history.writes) {
    const { mark, outcome, seq, startedAt, endedAt = startedAt } = write;
    const [entry, second] = entries.get(mark) ?? [];
    const isOlder = pruned > 0 && (!oldest || startedAt <= oldest.at);
    const mayBePruned = seq === undefined ? isOlder : seq <= pruned;
    if (write.mustBeAnswered && outcome === "unknown") {
      yield { at: startedAt, message: `"${mark}" was never answered.`, witness: [write] };
    } else if (entry?.userId !== undefined && entry.userId !== write.userId) {
      const message = `"${mark}" is by ${write.userId}, and in the log it is by ${entry.userId}.`;
      yield { at: entry.at, message, witness: [write, entry] };
    } else if (entry && outcome === "failed") {
      yield { at: endedAt, message: `"${mark}" failed, and is in the log.`, witness: [write, entry] };
    } else if (entry && second) {
      yield { at: second.at, message: `"${mark}" is in the log twice.`, witness: [entry, second] };
    } else if (!entry && outcome === "acknowledged" && !mayBePruned) {
      yield { at: endedAt, message: `"${mark}" was acknowledged, and is not in the log.`, witness: [write] };
    } else if (entry && seq !== undefined && seq !== entry.seq) {
      const message = `"${mark}" was acknowledged as ${seq}, and is ${entry.seq} in the log.`;
      yield { at: endedAt, message, witness: [write, entry] };
    }
  }
}

/** The log has no gap, nothing that nobody wrote, and ends where the snapshot says. */
function* logIsWhole({ log, writes, snapshot }: History): Generator<Finding> {
  const marks = new Set(writes.map(({ mark }) => mark));
  for (const [index, entry] of log.entries()) {
    const { at, seq, mark } = entry;
    const before = log[index - 1];
    if (before && seq !== before.seq + 1) {
      yield { at, message: `In the log ${seq} follows ${before.seq}.`, witness: [before, entry] };
    }
    if (mark && !marks.has(mark)) {
      yield { at, message: `"${mark}" is in the log, and nobody wrote it.`, witness: [entry] };
    }
  }
  const head = log.at(-1);
  if (head && head.seq !== snapshot.seq) {
    const message = `The log ends with ${head.seq}, and the snapshot is at ${snapshot.seq}.`;
    yield { at: AT_THE_END, message, witness: [head, { kind: "snapshot", seq: snapshot.seq }] };
  }
}

/** On one connection each event is the next one, from the cursor on. */
function* connectionsAreDense({ subscribers }: History): Generator<Finding> {
  for (const subscriber of subscribers) {
    for (const { record, last } of stepsOf(subscriber)) {
      if (record.kind !== "event") continue;
      const { at, seq, connection } = record;
      const where = `On connection ${connection} of ${subscriber.name}`;
      if (!last) {
        yield { at, message: `${where} came ${seq}, and it was never opened.`, witness: [record] };
      } else if (seq !== seqOf(last) + 1) {
        yield { at, message: `${where} ${seq} follows ${seqOf(last)}.`, witness: [last, record] };
      }
    }
  }
}

/** What is on the wire is the log's event with that seq. */
function* eventsAreTheLogs(history: History): Generator<Finding> {
  const known = knownLog(history);
  for (const { name, event } of receivedIn(history)) {
    const { at, seq, mark } = event;
    const entry = known.get(seq);
    if (!entry) {
      yield { at, message: `${name} received ${seq}, which is not in the log.`, witness: [event] };
    } else if (entry.mark !== mark) {
      const message = `${name} received "${mark}" as ${seq}, which is "${entry.mark}".`;
      yield { at, message, witness: [event, entry] };
    }
  }
}

/** A connection is opened exactly where its subscriber stands. */
function* connectionsResume({ subscribers }: History): Generator<Finding> {
  for (const subscriber of subscribers) {
    for (const { record, position } of stepsOf(subscriber)) {
      if (record.kind !== "open" || !position) continue;
      const { at, connection, cursor } = record;
      if (cursor.seq === position.seq && cursor.epoch === position.epoch) continue;
      const [asked, stood] = [cursor, position].map(({ epoch, seq }) => `${epoch}:${seq}`);
      const message = `${subscriber.name} stood at ${stood}, and opened connection ${connection} at ${asked}.`;
      yield { at, message, witness: [position.record, record] };
    }
  }
}

/** In the end everybody who may has everything. */
function* subscribersCatchUp(history: History): Generator<Finding> {
  for (const { name, wire } of membersAtTheEnd(history)) {
    const position = wire.reduce(advance, undefined);
    if (position?.seq === headOf(history)) continue;
    const message = `${name} ended at ${position?.seq ?? "no seq"}, and the log at ${headOf(history)}.`;
    const witness = [position?.record ?? wire.at(-1), history.log.at(-1)].filter(
      (record) => record !== undefined,
    );
    yield { at: AT_THE_END, message, witness };
  }
}

/** In the end all boards are the same. Who has not caught up has another one, and that is another rule. */
function* boardsAgree(history: History): Generator<Finding> {
  for (const { name, wire, board } of membersAtTheEnd(history)) {
    if (wire.reduce(advance, undefined)?.seq !== headOf(history)) continue;
    const difference = firstDifference(asJson(board), asJson(history.snapshot));
    if (!difference) continue;
    const message = `${name}'s board is not the fresh snapshot: ${difference.path} differs.`;
    yield { at: AT_THE_END, message, witness: [{ subscriber: name, ...difference }] };
  }
}

/** Who was removed hears nothing more: nothing newer, and after a while nothing at all. */
function* revocationsHold(history: History): Generator<Finding> {
  for (const revocation of history.revocations) {
    const { userId, at, seq, until } = revocation;
    for (const write of history.writes.filter((each) => each.userId === userId)) {
      const entry = history.log.find(({ mark }) => mark === write.mark);
      if (!entry || entry.seq <= seq || (until && entry.seq >= until)) continue;
      const message = `"${write.mark}" was made by ${userId}, who had been removed by ${seq}.`;
      yield { at: entry.at, message, witness: [revocation, entry] };
    }
    // A moment that was pruned is taken for the earliest that is possible.
    const readmittedAt = until ? (history.log.find((entry) => entry.seq === until)?.at ?? at) : AT_THE_END;
    const latest = latestArrival(history, at);
    for (const subscriber of history.subscribers.filter((each) => each.userId === userId)) {
      for (const { record, open = record, firstAt = record.at } of stepsOf(subscriber)) {
        const isOfTheLog =
          record.kind === "event" || (record.kind === "snapshot" && record.epoch === history.epoch);
        if (!isOfTheLog || (until && record.seq >= until)) continue;
        // Who was let in again may hear what they have missed, on a connection that was not there before.
        if (record.at >= readmittedAt && (open.at >= at || firstAt >= readmittedAt)) continue;
        if (record.seq <= seq && record.at <= latest) continue;
        const message = `${subscriber.name} received ${record.seq} after ${userId} was removed by ${seq}.`;
        yield { at: record.at, message, witness: [revocation, record] };
      }
    }
  }
}

/** A cursor is refused only when it cannot be honoured, and then the whole board is fetched. */
function* resetsAreJustified(history: History): Generator<Finding> {
  for (const { name, wire } of history.subscribers) {
    for (const [index, record] of wire.entries()) {
      if (record.kind !== "reset") continue;
      const { at, cursor } = record;
      const isOfAnotherLog = cursor.epoch !== history.epoch;
      const isInTheFuture = cursor.seq > headOf(history, at);
      const isPruned = history.prunings.some((pruning) => pruning.at <= at && cursor.seq < pruning.upTo);
      if (!isOfAnotherLog && !isInTheFuture && !isPruned) {
        const message = `${name} was reset at ${cursor.seq}, from where the log could be continued.`;
        yield { at, message, witness: [record] };
      }
      const next = wire.slice(index).find(({ kind }) => kind === "snapshot" || kind === "event");
      if (next?.kind === "event") {
        const message = `${name} was reset, and went on with ${next.seq} without a snapshot.`;
        yield { at: next.at, message, witness: [record, next] };
      }
    }
  }
}

/** A write is asked for, then it is in the log, and only then anybody hears of it. */
function* causesComeFirst(history: History): Generator<Finding> {
  const bySeq = new Map(history.log.map((entry) => [entry.seq, entry]));
  const byMark = new Map(history.log.map((entry) => [entry.mark, entry]));
  for (const { name, event } of receivedIn(history)) {
    const { at, seq } = event;
    const entry = bySeq.get(seq);
    if (!entry || at >= entry.at) continue;
    yield { at, message: `${name} received ${seq} before it was in the log.`, witness: [event, entry] };
  }
  for (const write of history.writes) {
    const { mark, outcome, startedAt, endedAt = AT_THE_END } = write;
    const entry = byMark.get(mark);
    if (!entry) continue;
    if (entry.at < startedAt) {
      const message = `"${mark}" was in the log before it was asked for.`;
      yield { at: entry.at, message, witness: [entry, write] };
    }
    if (outcome === "acknowledged" && endedAt < entry.at) {
      const message = `"${mark}" was acknowledged before it was in the log.`;
      yield { at: endedAt, message, witness: [write, entry] };
    }
  }
}

/** What the run does not show, although it should. */
function missingIn(history: History, demands: Demands): string[] {
  const { writes, subscribers, faults } = history;
  const received = receivedIn(history);
  const committedAt = new Map(history.log.map(({ seq, at }) => [seq, at]));
  const replayed = received.filter(
    ({ event, open }) => open && (committedAt.get(event.seq) ?? open.at) < open.at,
  );
  const overWrites = faults.filter(({ from, to }) =>
    writes.some(({ startedAt, endedAt = AT_THE_END }) => startedAt <= to && endedAt >= from),
  );
  const counts: [what: string, seen: number, demanded: number][] = [
    ["writes", writes.length, 1],
    ["events", received.length, 1],
    ["reconnects", subscribers.flatMap(reconnectsOf).length, demands.minReconnects],
    ["replayed events", replayed.length, demands.minReplayedEvents],
    ["faults over writes", overWrites.length, demands.minFaultsOverWrites],
  ];
  return counts
    .filter(([, seen, demanded]) => seen < demanded)
    .map(([what, seen, demanded]) => `${seen} ${what} instead of ${demanded}`);
}

function reconnectsOf({ wire }: Subscriber): WireRecord[] {
  const ends = wire.filter(({ kind }) => kind === "open" || kind === "close");
  return ends.filter(({ kind }, index) => kind === "open" && ends[index - 1]?.kind === "close");
}

/** How far a subscriber has come, and the record that brought it there. */
interface Position extends Cursor {
  readonly record: SnapshotRecord | EventRecord;
}

/**
 * Each record, with what was true when it came: where the subscriber stood, and when the record is of a connection, how
 * that was opened, what came on it last, and when its first event came.
 */
function stepsOf({ wire }: Subscriber) {
  const opens = new Map<number | undefined, OpenRecord>();
  const lasts = new Map<number | undefined, OpenRecord | EventRecord>();
  const firsts = new Map<number | undefined, number>();
  let position: Position | undefined;
  return wire.map((record) => {
    const connection = record.kind === "snapshot" ? undefined : record.connection;
    if (record.kind === "event" && !firsts.has(connection)) firsts.set(connection, record.at);
    const open = opens.get(connection);
    const step = { record, position, open, last: lasts.get(connection), firstAt: firsts.get(connection) };
    if (record.kind === "open") opens.set(connection, record);
    if (record.kind === "open" || record.kind === "event") lasts.set(connection, record);
    position = advance(position, record);
    return step;
  });
}

/** Where a subscriber stands after a record. What it has already changes nothing, and a reset leaves it nowhere. */
function advance(position: Position | undefined, record: WireRecord): Position | undefined {
  if (record.kind === "snapshot") return { epoch: record.epoch, seq: record.seq, record };
  if (record.kind === "reset") return undefined;
  if (record.kind !== "event" || !position || record.seq <= position.seq) return position;
  return { epoch: position.epoch, seq: record.seq, record };
}

function seqOf(record: OpenRecord | EventRecord): number {
  return record.kind === "open" ? record.cursor.seq : record.seq;
}

function receivedIn({ subscribers }: History) {
  return subscribers.flatMap((subscriber) =>
    stepsOf(subscriber).flatMap(({ record, open }) =>
      record.kind === "event" ? [{ name: subscriber.name, event: record, open }] : [],
    ),
  );
}

/** What is left of the log, and of what was pruned as much as somebody has received. */
function knownLog(history: History): Map<number, LogEntry> {
  const pruned = prunedUpTo(history);
  const seen = receivedIn(history).flatMap(({ event }) => (event.seq <= pruned ? [event] : []));
  return new Map([...seen, ...history.log].map((entry) => [entry.seq, entry]));
}

/** The last seq that is not in the recorded log any more. Whoever recorded all of it has 0 here, whatever was pruned. */
function prunedUpTo({ log, snapshot }: History): number {
  const [oldest] = log;
  return oldest ? oldest.seq - 1 : snapshot.seq;
}

/** The last seq of the log, as it was then. Where nothing is left of the log, the snapshot knows. */
function headOf({ log, snapshot }: History, at = AT_THE_END): number {
  const next = log.find((entry) => entry.at > at);
  return next ? next.seq - 1 : (log.at(-1)?.seq ?? snapshot.seq);
}

function membersAtTheEnd({ subscribers, revocations }: History): readonly Subscriber[] {
  const removed = revocations.filter(({ until }) => until === undefined).map(({ userId }) => userId);
  return subscribers.filter(({ userId }) => !removed.includes(userId));
}

/** When the last event arrives that was sent before a moment: a fault can have held it, and another one after that. */
function latestArrival({ faults }: History, sentAt: number): number {
  const inOrder = faults.toSorted((a, b) => a.from - b.from);
  return inOrder.reduce(
    (latest, { from, to }) => (from <= latest ? Math.max(latest, to + GRACE_MS) : latest),
    sentAt + GRACE_MS,
  );
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

interface Difference {
  readonly path: string;
  readonly is: unknown;
  readonly expected: unknown;
}

/** @param is this and the other are JSON */
function firstDifference(is: unknown, expected: unknown, path = "board"): Difference | undefined {
  if (isDeepStrictEqual(is, expected)) return undefined;
  if (!isObject(is) || !isObject(expected)) return { path, is, expected };
  for (const key of Object.keys({ ...is, ...expected })) {
    const found = firstDifference(is[key], expected[key], `${path}.${key}`);
    if (found) return found;
  }
  return { path, is, expected };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
