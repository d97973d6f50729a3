import { type Signal, signal } from "@preact/signals";
import type { Part } from "../../tools/parts.ts";
import type { ActiveRule } from "../../wire/faults.ts";
import type { MessageRow, Totals, WireConnection } from "../../wire/message.ts";
import type { Recording } from "../../wire/recorder.ts";

/** What the stage's stream sends with each event. */
export interface ServerState {
  readonly chapter: string;
  readonly isServerUp: boolean;
  readonly parts: readonly Part[];
}

export interface StageEvent extends Recording, ServerState {}

/** What the page knows of the wire. */
export interface StageState {
  /** In the order of their ids. */
  readonly messages: Signal<readonly MessageRow[]>;
  readonly connections: Signal<ReadonlyMap<number, WireConnection>>;
  readonly totals: Signal<Readonly<Record<string, Totals>>>;
  readonly rules: Signal<readonly ActiveRule[]>;
  readonly isServerUp: Signal<boolean>;
  readonly parts: Signal<readonly Part[]>;
  /** Whether the stage's own stream is open. */
  readonly isLive: Signal<boolean>;
}

/** As many as the runner remembers. */
const MAX_MESSAGES = 10_000;

export function createStageState(): StageState {
  return {
    messages: signal([]),
    connections: signal(new Map()),
    totals: signal({}),
    rules: signal([]),
    isServerUp: signal(true),
    parts: signal([]),
    isLive: signal(false),
  };
}

/** @param isWhole whether this is all there is, or what has changed */
export function applyStageEvent(state: StageState, event: StageEvent, isWhole: boolean): void {
  const before = isWhole ? [] : state.messages.value;
  state.messages.value = mergeMessages(before, event.messages, event.clearedUpTo);
  state.connections.value = mergeConnections(
    isWhole ? new Map() : state.connections.value,
    event.connections,
  );
  state.totals.value = event.totals;
  state.rules.value = event.rules;
  applyServerState(state, event);
}

export function applyServerState(state: StageState, { isServerUp, parts }: ServerState): void {
  state.isServerUp.value = isServerUp;
  state.parts.value = parts;
}

/** New messages go to the end, and those that have changed take their old places. */
export function mergeMessages(
  before: readonly MessageRow[],
  changed: readonly MessageRow[],
  clearedUpTo: number,
): MessageRow[] {
  const merged = before.filter(({ id }) => id > clearedUpTo);
  for (const row of changed.toSorted((a, b) => a.id - b.id)) {
    const place = placeOf(merged, row.id);
    merged.splice(place, merged[place]?.id === row.id ? 1 : 0, row);
  }
  return merged.slice(-MAX_MESSAGES);
}

/** Where the message with this id is, or would be: most are at the end. */
function placeOf(rows: readonly MessageRow[], id: number): number {
  let low = 0;
  let high = rows.length;
  if ((rows.at(-1)?.id ?? 0) < id) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mergeConnections(
  before: ReadonlyMap<number, WireConnection>,
  changed: readonly WireConnection[],
): ReadonlyMap<number, WireConnection> {
  if (changed.length === 0) return before;
  const merged = new Map(before);
  for (const connection of changed) merged.set(connection.id, connection);
  for (const id of merged.keys()) {
    if (merged.size <= MAX_MESSAGES) break;
    merged.delete(id);
  }
  return merged;
}
