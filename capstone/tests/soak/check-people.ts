// Judges what the real clients have done and seen, by what the server has in the end.
import { isDeepStrictEqual } from "node:util";
import type { Command } from "../../board/commands.ts";
import type { Snapshot } from "../../board/events.ts";
import type { ClientState } from "../../client/sync/board-client.ts";
import { type KeptAnswer, type LoggedEvent, markOfEvent } from "./live-board.ts";
import { markOfCommand } from "./random-change.ts";

/** Everything that was noted about one who has worked on the board. */
export interface Deeds {
  readonly name: string;
  readonly userId: string;
  /** What they were asked to use. */
  readonly transport: string;
  readonly given: readonly { readonly key: string; readonly command: Command; readonly at: number }[];
  /** Commands that were stored before the page crashed or ended. By key. */
  readonly stored: ReadonlySet<string>;
  /** What the client was told about its commands, and since when it has known. */
  readonly decided: ReadonlyMap<
    string,
    { readonly state: "accepted" | "refused"; readonly seq?: number | undefined; readonly at: number }
  >;
  /** In the end. */
  readonly state: ClientState;
}

export interface LiveRun {
  readonly people: readonly Deeds[];
  /** Of the board's whole life. */
  readonly log: readonly LoggedEvent[];
  /** What was there before anybody began to work. */
  readonly firstSeq: number;
  readonly answers: ReadonlyMap<string, KeptAnswer>;
  readonly snapshot: Snapshot;
}

/** @returns a sentence for each breach; none when everything is as it should be */
export function checkPeople(run: LiveRun): string[] {
  return [...logIsWhole(run), ...commandsAreDoneOnce(run), ...decisionsAreTrue(run), ...endsAreEqual(run)];
}

function* logIsWhole({ log, people, answers, firstSeq }: LiveRun): Generator<string> {
  const given = new Set(people.flatMap((person) => person.given.map(({ key }) => key)));
  const accounted = new Set(
    [...answers.values()].flatMap(({ key, seq }) => (given.has(key) && seq !== null ? [seq] : [])),
  );
  for (const [index, { seq, type }] of log.entries()) {
    if (seq !== index + 1) yield `In the log ${seq} is at place ${index + 1}.`;
    if (seq <= firstSeq) continue;
    const next = log[index + 1]?.type;
    const isFirstOfTwo = next === "tasks_rebalanced" || next === "lists_rebalanced";
    if (!accounted.has(seq) && !isFirstOfTwo) yield `Event ${seq} (${type}) is no answer to any command.`;
  }
}

/** What was acknowledged is in the log once, what was refused is not, and what nobody knows about is there once at most. */
function* commandsAreDoneOnce({ people, log }: LiveRun): Generator<string> {
  const seqs = new Map<string, number[]>();
  for (const event of log) {
    const mark = markOfEvent(event);
    if (mark !== undefined) seqs.set(mark, [...(seqs.get(mark) ?? []), event.seq]);
  }
  const byMark = new Map<string, string>();
  for (const { name, userId, given, decided } of people) {
    for (const { key, command, at } of given) {
      const mark = markOfCommand(command);
      if (mark === undefined) continue;
      byMark.set(mark, key);
      const found = seqs.get(mark) ?? [];
      const { state, at: decidedAt = 0 } = decided.get(key) ?? {};
      if (found.length > 1) yield `"${mark}" is in the log ${found.length} times: ${found.join(", ")}.`;
      if (state === "accepted" && found.length === 0)
        yield `${name} was told that "${mark}" is accepted, and it is not in the log.`;
      if (state === "refused" && found.length > 0)
        yield `${name} was told that "${mark}" is refused, and it is in the log.`;
      const event = log[(found[0] ?? 0) - 1];
      if (!event) continue;
      if (event.actorId !== userId) yield `"${mark}" is by ${userId}, and in the log by ${event.actorId}.`;
      if (event.at < at) yield `"${mark}" was in the log before it was given.`;
      if (state === "accepted" && decidedAt < event.at)
        yield `"${mark}" was accepted before it was in the log.`;
    }
  }
  for (const mark of seqs.keys()) if (!byMark.has(mark)) yield `"${mark}" is in the log, and nobody gave it.`;
}

/** What a client was told is what the server has kept; and what a device had stored was not forgotten. */
function* decisionsAreTrue({ people, answers }: LiveRun): Generator<string> {
  for (const { name, given, stored, decided, state } of people) {
    const notices = new Set(state.notices.map(({ id }) => id));
    for (const { key, command } of given) {
      const told = decided.get(key);
      const kept = answers.get(key);
      const what = `${command.type} of ${name} (${key})`;
      if (stored.has(key) && !told) yield `The ${what} was stored, and is not decided.`;
      if (told?.state === "accepted" && !(kept && kept.status < 400 && kept.seq === told.seq)) {
        yield `The ${what} was accepted as ${told.seq}, and the server says ${describe(kept)}.`;
      }
      if (told?.state !== "refused") continue;
      if (kept && kept.status < 400) yield `The ${what} was refused, and the server says ${describe(kept)}.`;
      if (!notices.has(key)) yield `The ${what} was refused, and nobody was told.`;
    }
  }
}

function* endsAreEqual({ people, snapshot }: LiveRun): Generator<string> {
  for (const { name, transport, state } of people) {
    const { status, pending, view } = state;
    const isForced = transport !== "auto";
    if (status.state !== "live")
      yield `${name} is ${status.state} in the end: ${status.reason ?? "no reason"}.`;
    if (isForced && status.transport !== transport)
      yield `${name} uses ${status.transport}, not ${transport}.`;
    if (pending.length > 0) yield `${name} has pending changes in the end: ${pending.length}.`;
    if (!view) continue;
    const { board, seq } = view;
    if (seq !== snapshot.seq) yield `${name} is at ${seq} in the end, and the log at ${snapshot.seq}.`;
    else if (!isDeepStrictEqual(board, snapshot.board)) yield `${name}'s board is another one.`;
    else if (!isDeepStrictEqual(view.lists, snapshot.lists)) yield `${name}'s lists are others.`;
    else if (!isDeepStrictEqual(byId(view.tasks.values()), byId(snapshot.tasks)))
      yield `${name}'s tasks are others.`;
    else if (!isDeepStrictEqual(byId(view.comments.values()), byId(snapshot.comments)))
      yield `${name}'s comments are others.`;
  }
}

function byId<T extends { readonly id: string }>(all: Iterable<T>): Record<string, T> {
  return Object.fromEntries([...all].map((each) => [each.id, each]));
}

function describe(kept: KeptAnswer | undefined): string {
  return kept ? `${kept.status} as ${kept.seq}` : "nothing";
}
