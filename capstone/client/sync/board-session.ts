// One board in one tab: the state, the outbox beneath it, what can be undone, and what the user should be told. It does not know how
// any of it comes in or goes out.
import type { BoardState } from "../../board/board-state.ts";
import type { Answer, Command } from "../../board/commands.ts";
import type { BoardEvent, Cursor, Snapshot } from "../../board/events.ts";
import {
  acceptPending,
  addPending,
  dropPending,
  NOTHING_KNOWN,
  type PendingChange,
  restorePending,
  type SyncStep,
  takeEvents,
  takeSnapshot,
} from "./board-sync.ts";
import type { Notice } from "./client-state.ts";
import { completed } from "./completed-command.ts";
import { noticeOfOverruled, noticeOfRefusal } from "./notices.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";
import { rebase } from "./rebase.ts";
import { randomId } from "./tabs.ts";
import { createUndoStack } from "./undo-stack.ts";

export interface BoardSessionOptions {
  readonly boardId: string;
  readonly userId: string;
  readonly outbox: Outbox;
  /** The log has said this. It is in the state already, and `onChange` comes next. */
  onEvents(events: readonly BoardEvent[]): void;
  onChange(): void;
}

export type BoardSession = ReturnType<typeof createBoardSession>;

/** How many answers are remembered, for tabs that have missed them. */
const MAX_ANSWERS = 1_000;

export function createBoardSession(options: BoardSessionOptions) {
  const { boardId, userId, outbox, onChange } = options;
  let sync = NOTHING_KNOWN;
  let notices: readonly Notice[] = [];
  /** What is not answered yet. By key. */
  const undecided = new Map<string, OutboxEntry>();
  /** Also of commands that this tab has not heard of yet. */
  const answers = new Map<string, Answer>();
  const dismissed = new Set<string>();
  const undoStack = createUndoStack(userId);
  let lastOrder = 0;
  let writes = Promise.resolve();

  /** One after the other. What cannot be stored is still sent from memory: it only would not survive the page. */
  function write(store: () => Promise<void>): void {
    writes = writes.then(store).catch(() => {});
  }

  function step({ state, passed }: SyncStep): void {
    sync = state;
    for (const { key, command, seq } of passed) if (seq !== undefined) undoStack.passed(key, command, seq);
  }

  function tell(notice: Notice): void {
    if (dismissed.has(notice.id) || notices.some(({ id }) => id === notice.id)) return;
    notices = [...notices, notice];
  }

  /** Commands of other tabs, or of this page before it was reloaded. What is known already stays as it is. */
  function merge(entries: readonly OutboxEntry[]): void {
    const unknown = entries.filter(({ key }) => !undecided.has(key) && !answers.has(key));
    for (const entry of unknown) {
      lastOrder = Math.max(lastOrder, entry.order);
      if (entry.state === "refused" && entry.answer)
        tell(noticeOfRefusal(entry.key, entry.command, entry.answer));
      if (entry.state === "waiting" || entry.state === "sent") undecided.set(entry.key, entry);
    }
    sync = restorePending(sync, unknown.filter(({ state }) => state !== "refused").map(toPending));
    onChange();
  }

  function add(command: Command, how: "do" | "undo" | "redo"): OutboxEntry {
    const key = randomId();
    // Later than everything that is known, and in the order of the clock between tabs.
    lastOrder = Math.max(lastOrder + 1, Date.now() * 1_000);
    const at = new Date().toISOString();
    const complete = rebasedOnAnswered(completed(command, sync.confirmed?.seq));
    const entry: OutboxEntry = {
      key,
      userId,
      boardId,
      command: complete,
      at,
      order: lastOrder,
      state: "waiting",
    };
    undecided.set(key, entry);
    undoStack.ran(key, how);
    sync = addPending(sync, toPending(entry));
    write(() => outbox.add(entry));
    onChange();
    return entry;
  }

  /** What is accepted but not in the log yet is on the screen without its version: an edit could not begin from that. */
  function rebasedOnAnswered(command: Command): Command {
    return sync.pending.reduce((rebased, { key, command: earlier, seq }) => {
      const answered = seq === undefined ? undefined : answers.get(key);
      return answered ? rebase(rebased, earlier, answered) : rebased;
    }, command);
  }

  /** @param isKeeper whether this tab writes it down: the one that has sent the command */
  function answer(key: string, answered: Answer, isKeeper: boolean): void {
    if (answers.has(key)) return;
    answers.set(key, answered);
    for (const old of answers.keys()) {
      if (answers.size <= MAX_ANSWERS) break;
      answers.delete(old);
    }
    const entry = undecided.get(key);
    if (!entry) return;
    undecided.delete(key);
    if (answered.status < 400) accepted(entry, answered, isKeeper);
    else refused(entry, answered, isKeeper);
    onChange();
  }

  function accepted(entry: OutboxEntry, answered: Answer, isKeeper: boolean): void {
    const { seq = 0 } = answered;
    if (isKeeper) write(() => outbox.put({ ...entry, state: "accepted", seq }));
    for (const later of undecided.values()) {
      const command = rebase(later.command, entry.command, answered);
      if (later.state === "waiting" && command !== later.command) update({ ...later, command }, isKeeper);
    }
    step(acceptPending(sync, entry.key, seq));
  }

  function refused(entry: OutboxEntry, answered: Answer, isKeeper: boolean): void {
    if (isKeeper) write(() => outbox.put({ ...entry, state: "refused", answer: answered }));
    undoStack.refused(entry.key);
    sync = dropPending(sync, entry.key);
    tell(noticeOfRefusal(entry.key, entry.command, answered));
  }

  function update(entry: OutboxEntry, isKeeper: boolean): void {
    undecided.set(entry.key, entry);
    if (isKeeper) write(() => outbox.put(entry));
  }

  function events(given: readonly BoardEvent[]) {
    const { applied, overruled, hasGap, ...rest } = takeEvents(sync, userId, given);
    undoStack.saw(applied);
    step(rest);
    for (const each of overruled) tell(noticeOfOverruled(each));
    if (applied.length > 0) {
      options.onEvents(applied);
      onChange();
    }
    return { applied, hasGap };
  }

  return {
    /** What the last page has left: its commands, and the board as it was last seen. */
    async load(): Promise<void> {
      const [entries, stored] = await Promise.all([outbox.entries(boardId), outbox.snapshot(boardId)]).catch(
        () => [[], undefined] as const,
      );
      if (stored && !sync.confirmed) step(takeSnapshot(sync, stored));
      merge(entries);
    },

    /** What other tabs have put into the outbox. */
    async mergeOutbox(): Promise<void> {
      merge(await outbox.entries(boardId).catch(() => []));
    },

    merge,
    add,
    answer,
    events,

    snapshot(snapshot: Snapshot): void {
      if (sync.confirmed && sync.confirmed.board.epoch !== snapshot.board.epoch) undoStack.clear();
      step(takeSnapshot(sync, snapshot));
      onChange();
    },

    /**
     * @param later keys of changes that undo does not mean
     * @returns the command that takes back the user's last change, or does the last one again that was taken back
     */
    undoing(how: "undo" | "redo", later?: ReadonlySet<string>): Command | undefined {
      const seq = how === "undo" ? undoStack.nextUndo(later) : undoStack.nextRedo();
      return seq === undefined ? undefined : { type: "undo", boardId, undone: { seq } };
    },

    /** What `undoing` would take back, or do again. */
    undone: undoStack.peek,

    /** The next command to send. */
    next(): OutboxEntry | undefined {
      let first: OutboxEntry | undefined;
      for (const entry of undecided.values()) if (!first || entry.order < first.order) first = entry;
      return first;
    },

    sending(key: string): void {
      const entry = undecided.get(key);
      if (entry?.state === "waiting") update({ ...entry, state: "sent" }, true);
    },

    /** There is nobody any more who would answer: what the user has written stays as notices. */
    refuseAll(answered: Answer): void {
      for (const key of [...undecided.keys()]) answer(key, answered, true);
    },

    /** @param isKeeper whether it was dismissed in this tab */
    dismiss(id: string, isKeeper: boolean): void {
      dismissed.add(id);
      notices = notices.filter((notice) => notice.id !== id);
      if (isKeeper) write(() => outbox.remove(id));
      onChange();
    },

    answerTo: (key: string) => answers.get(key),

    save(): void {
      const { confirmed } = sync;
      if (confirmed) write(() => outbox.saveSnapshot(snapshotOf(confirmed)));
    },
    forget: () => write(() => outbox.forgetSnapshot(boardId)),
    /** Resolves when everything is written down. */
    written: () => writes,

    get cursor(): Cursor | undefined {
      const { confirmed } = sync;
      return confirmed && { epoch: confirmed.board.epoch, seq: confirmed.seq };
    },
    get asSnapshot(): Snapshot | undefined {
      return sync.confirmed && snapshotOf(sync.confirmed);
    },
    get sync() {
      return sync;
    },
    get notices() {
      return notices;
    },
    get undecided(): readonly OutboxEntry[] {
      return [...undecided.values()];
    },
    get canUndo() {
      return undoStack.canUndo;
    },
    get canRedo() {
      return undoStack.canRedo;
    },
  };
}

function toPending({ key, command, userId, at, order, state, seq }: OutboxEntry): PendingChange {
  const change = { key, command, actorId: userId, at, order };
  return state === "accepted" ? { ...change, seq: seq ?? 0 } : change;
}

function snapshotOf({ board, lists, tasks, comments, seq }: BoardState): Snapshot {
  return { board, lists, tasks: [...tasks.values()], comments: [...comments.values()], seq };
}
