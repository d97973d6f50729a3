// What a client knows of a board: what the log has said, and on top of it what the user has done since.
// `view = pending.reduce(predict, confirmed)`. Nothing here waits, sends or stores.
import { applyEvent, type BoardState, stateOf } from "../../board/board-state.ts";
import type { Command } from "../../board/commands.ts";
import type { BoardEvent, Snapshot } from "../../board/events.ts";
import { type Pending, predict, tasksOf } from "../../board/predict.ts";

/** A change that the log has not passed yet. */
export interface PendingChange extends Pending {
  readonly key: string;
  /** When it was made: the higher, the later, among all tabs. */
  readonly order: number;
  /** It was accepted, and the log has passed it at this seq. Until then it stays: its events may be on their way. */
  readonly seq?: number;
}

/** Immutable. */
export interface SyncState {
  /** What the log has said. Undefined before the first snapshot. */
  readonly confirmed: BoardState | undefined;
  /** In the order in which they were made. */
  readonly pending: readonly PendingChange[];
  /** `confirmed` itself while nothing is pending. */
  readonly view: BoardState | undefined;
}

export const NOTHING_KNOWN: SyncState = { confirmed: undefined, pending: [], view: undefined };

/** Somebody else's move came later than the user's own. */
export interface Overruled {
  readonly event: BoardEvent<"task_moved">;
  /** Puts the task where the user had put it. */
  readonly back: Command;
}

/** What has become of the state, and what there is to say about it. */
export interface SyncStep {
  readonly state: SyncState;
  /** The changes that the log has passed now. */
  readonly passed: readonly PendingChange[];
}

/** The user has done something. It shows at once. */
export function addPending(state: SyncState, change: PendingChange): SyncState {
  if (state.pending.some(({ key }) => key === change.key)) return state;
  const view = state.view && predictOne(state.view, change);
  return { ...state, pending: [...state.pending, change], view };
}

/** Changes of other tabs, or of the page before it was reloaded: each comes where it was made. The server gets them in this order. */
export function restorePending(state: SyncState, others: readonly PendingChange[]): SyncState {
  const known = new Set(state.pending.map(({ key }) => key));
  const missing = others.filter(({ key }) => !known.has(key));
  if (missing.length === 0) return state;
  const pending = [...missing, ...state.pending].sort((one, other) => one.order - other.order);
  return settled({ ...state, pending }).state;
}

/**
 * The board as it is at some seq, whatever was known before. After another epoch's snapshot seqs mean something else: what had
 * been accepted is in it, or lost with the old log.
 */
export function takeSnapshot(state: SyncState, snapshot: Snapshot): SyncStep {
  const confirmed = stateOf(snapshot);
  const isOtherLog = state.confirmed !== undefined && state.confirmed.board.epoch !== confirmed.board.epoch;
  return settled({ ...state, confirmed }, isOtherLog ? Number.POSITIVE_INFINITY : confirmed.seq);
}

/**
 * Events as they came: those that are known already are skipped. From the first one before which another is missing none is taken, and
 * the caller has to ask for what is missing.
 *
 * @param me the user: of a move that overrules one of theirs they are told
 */
export function takeEvents(
  state: SyncState,
  me: string,
  events: readonly BoardEvent[],
): SyncStep & {
  readonly applied: readonly BoardEvent[];
  readonly overruled: readonly Overruled[];
  readonly hasGap: boolean;
} {
  const applied: BoardEvent[] = [];
  const overruled: Overruled[] = [];
  let { confirmed } = state;
  let hasGap = confirmed === undefined && events.length > 0;
  for (const event of events) {
    if (!confirmed) break;
    if (event.boardId !== confirmed.board.id || event.seq <= confirmed.seq) continue;
    hasGap = event.seq > confirmed.seq + 1;
    if (hasGap) break;
    const lost = whatWasOverruled(confirmed, state.pending, me, event);
    if (lost) overruled.push(lost);
    confirmed = applyEvent(confirmed, event);
    applied.push(event);
  }
  const step = applied.length === 0 ? { state, passed: [] } : settled({ ...state, confirmed });
  return { ...step, applied, overruled, hasGap };
}

/**
 * A change was accepted. It stays until the log has passed its seq, so that it is on screen without interruption, whichever of answer
 * and event comes first.
 *
 * @param seq the last seq of what it did
 */
export function acceptPending(state: SyncState, key: string, seq: number): SyncStep {
  const pending = state.pending.map((change) => (change.key === key ? { ...change, seq } : change));
  return settled({ ...state, pending }, state.confirmed?.seq ?? -1);
}

/** A change is undone on screen: it was refused. */
export function dropPending(state: SyncState, key: string): SyncState {
  const pending = state.pending.filter((change) => change.key !== key);
  if (pending.length === state.pending.length) return state;
  return { ...state, pending, view: viewOf(state.confirmed, pending) };
}

/** Without the changes that the log has passed. */
function settled(state: SyncState, seq = state.confirmed?.seq ?? -1): SyncStep {
  const isPassed = (change: PendingChange) => change.seq !== undefined && change.seq <= seq;
  const passed = state.pending.filter(isPassed);
  const pending = passed.length === 0 ? state.pending : state.pending.filter((change) => !isPassed(change));
  return { state: { ...state, pending, view: viewOf(state.confirmed, pending) }, passed };
}

function viewOf(confirmed: BoardState | undefined, pending: readonly PendingChange[]) {
  return confirmed && pending.reduce(predictOne, confirmed);
}

function predictOne(view: BoardState, change: PendingChange): BoardState {
  // A command that a newer version of the page has left in the outbox is sent, but nobody here can tell what it does.
  return predict(view, change) ?? view;
}

function whatWasOverruled(
  before: BoardState,
  pending: readonly PendingChange[],
  me: string,
  event: BoardEvent,
): Overruled | undefined {
  if (event.type !== "task_moved" || event.data.overruled !== me || event.actorId === me) return undefined;
  const taskId = event.data.task.id;
  const task = before.tasks.get(taskId);
  // The user has moved it once more in the meantime: that one is the later one then.
  if (!task || pending.some((change) => isOtherMove(before, change, taskId))) return undefined;
  const siblings = tasksOf(before, task.listId);
  const index = siblings.findIndex(({ id }) => id === taskId);
  const [afterId, beforeId] = [siblings[index - 1]?.id, siblings[index + 1]?.id];
  const place = {
    listId: task.listId,
    ...(afterId !== undefined && { afterId }),
    ...(beforeId !== undefined && { beforeId }),
  };
  return { event, back: { type: "move_task", taskId, place } };
}

/** Whether a change moves a task to another place. One that is in the log already, and whose answer is still on its way, does not. */
function isOtherMove(before: BoardState, change: PendingChange, taskId: string): boolean {
  if (change.command.type !== "move_task" || change.command.taskId !== taskId) return false;
  const orderIn = (state: BoardState) => {
    const listId = state.tasks.get(taskId)?.listId ?? "";
    return [listId, ...tasksOf(state, listId).map(({ id }) => id)].join(" ");
  };
  return orderIn(predictOne(before, change)) !== orderIn(before);
}
