// A board as signals, around its client. Everything that is shown comes from here, and everything that is done goes through `run`.
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { BoardState } from "../board/board-state.ts";
import type { Command } from "../board/commands.ts";
import type { BoardEvent, Member, Role } from "../board/events.ts";
import { type Columns, columnsOf, countComments } from "./columns.ts";
import { createDrafts, type Drafts } from "./drafts.ts";
import type { BoardClient, ClientState } from "./sync/board-client.ts";
import { closeToast, UNDO_TOAST } from "./toasts.ts";
import { createUndoToasts } from "./undo-toasts.ts";

export interface BoardModel {
  readonly boardId: string;
  readonly userId: string;
  readonly client: BoardClient;
  readonly drafts: Drafts;
  /** Whether changes that are not sent survive the page. Not in some private windows. */
  readonly isDurable: boolean;
  readonly state: ReadonlySignal<ClientState>;
  readonly view: ReadonlySignal<BoardState | undefined>;
  readonly columns: ReadonlySignal<Columns>;
  readonly commentCounts: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly members: ReadonlySignal<ReadonlyMap<string, Member>>;
  readonly role: ReadonlySignal<Role>;
  readonly canEdit: ReadonlySignal<boolean>;
  /** Whether the user was removed from the board, or it was deleted: there is nobody any more who would answer. */
  readonly isOver: ReadonlySignal<boolean>;
  /** The tasks with changes that have not arrived. Empty while the server takes changes: they arrive at once. */
  readonly waitingTasks: ReadonlySignal<ReadonlySet<string>>;
  /** Who edits which task now, without the user. */
  readonly editors: ReadonlySignal<ReadonlyMap<string, readonly Member[]>>;
  /** When an event came last, in milliseconds since 1970. Undefined: not since the page was opened. */
  readonly changedAt: ReadonlySignal<number | undefined>;
  /** Optimistic at once. @returns its key */
  run(command: Command): string;
  undo(): void;
  redo(): void;
  /** What `undo` would take back, or `redo` do again, in words. Undefined if that is nothing, or not known. */
  nextText(how: "undo" | "redo"): string | undefined;
  /** The latest events that this page has heard of, newest first. */
  recentEvents(): readonly BoardEvent[];
  /** Is called right before a new state is shown, with what is there and what comes. */
  beforeChange(listener: (change: Change) => void): () => void;
  nameOf(userId: string): string;
  close(): void;
}

export interface Change {
  readonly before: { readonly view: BoardState | undefined; readonly columns: Columns };
  readonly after: { readonly view: BoardState | undefined; readonly columns: Columns };
  /** What the log has said. Empty: the user has done something here, or it was refused, or the board came as a whole. */
  readonly events: readonly BoardEvent[];
}

/** How many events are remembered. */
const MAX_RECENT = 200;

/** How often undo and redo are remembered while something is on its way. */
const MAX_WISHES = 20;

/** Undo or redo that was asked for while something was on its way. */
interface Wish {
  readonly how: "undo" | "redo";
  /** The change on its way that was the last one then. */
  readonly meant: string | undefined;
  /** What was done here since: that is not meant. */
  readonly later: Set<string>;
}

const NO_COMMENTS = new Map();

export function createBoardModel(options: {
  readonly client: BoardClient;
  readonly boardId: string;
  readonly userId: string;
  readonly storage?: Storage;
  /** @default true */
  readonly isDurable?: boolean;
}): BoardModel {
  const { client, boardId, userId, storage = localStorage, isDurable = true } = options;
  const drafts = createDrafts(storage, userId, boardId);
  const listeners = new Set<(change: Change) => void>();
  let recent: readonly BoardEvent[] = [];
  /** Came with the state that is shown next. */
  let news: readonly BoardEvent[] = [];
  let wishes: readonly Wish[] = [];

  const state = signal(client.state());
  const changedAt = signal<number | undefined>(undefined);
  const columns = signal<Columns>(columnsFor(client.state(), new Map()));

  const view = computed(() => state.value.view);
  const membersList = computed(() => view.value?.board.members);
  const members = computed(() => new Map(membersList.value?.map((member) => [member.userId, member])));
  const role = computed(() => members.value.get(userId)?.role ?? "viewer");
  const comments = computed(() => view.value?.comments ?? NO_COMMENTS);
  const typing = computed(() => state.value.people.typing);

  function columnsFor(next: ClientState, before: Columns): Columns {
    return next.view ? columnsOf(next.view, before) : before;
  }

  function show(): void {
    const next = client.state();
    const last = state.peek();
    if (next === last) return;
    const events = news;
    news = [];
    const before = { view: last.view, columns: columns.peek() };
    const after = {
      view: next.view,
      columns: next.view === last.view ? before.columns : columnsFor(next, before.columns),
    };
    if (before.view !== after.view) for (const listener of listeners) listener({ before, after, events });
    batch(() => {
      state.value = next;
      columns.value = after.columns;
      if (last.view && next.view && next.view.seq > last.view.seq) changedAt.value = Date.now();
    });
    if (next.pending !== last.pending) {
      toasts.look(next);
      drafts.settle((key) => next.pending.some((pending) => pending.key === key));
    }
    if (wishes.length > 0) grant(next);
  }

  /** Undo means the last change. As long as that is on its way, the wish waits for it: whoever presses a key twice means two changes. */
  function ask(how: "undo" | "redo"): void {
    if (how === "undo") closeToast(UNDO_TOAST);
    const { pending, canRedo } = state.peek();
    if (pending.length === 0) {
      takeBack(how);
      return;
    }
    if (wishes.length >= MAX_WISHES) return;
    const isUndoing = wishes.length > 0 || pending.some(({ command }) => command.type === "undo");
    if (how === "redo" && !canRedo && !isUndoing) return;
    const meant = pending.findLast(({ key }) => !wishes.some((wish) => wish.meant === key))?.key;
    wishes = [...wishes, { how, meant, later: new Set() }];
    if (!isLive()) toasts.tellWish(how);
  }

  function grant({ pending, notices }: ClientState): void {
    // What was refused is taken back already.
    wishes = wishes.filter(({ meant }) => !notices.some(({ id }) => id === meant));
    const [wish, ...others] = wishes;
    if (!wish || pending.some(({ key }) => !wish.later.has(key))) return;
    wishes = others;
    takeBack(wish.how, wish.later);
  }

  /** @param later what is not meant */
  function takeBack(how: "undo" | "redo", later?: ReadonlySet<string>): void {
    const event = client.next(how, later);
    const key = how === "undo" ? client.undo(later) : client.redo();
    if (key === undefined) wishes = [];
    toasts.tell(how, event, key, !isLive());
  }

  const isLive = () => state.peek().status.state === "live" && !state.peek().status.isHeldUp;
  const toasts = createUndoToasts({ view, members, userId }, () => recent);
  const stop = client.subscribe(show);
  client.subscribeEvents((events) => {
    news = [...news, ...events];
    recent = [...events.toReversed(), ...recent].slice(0, MAX_RECENT);
  });

  return {
    boardId,
    userId,
    client,
    drafts,
    isDurable,
    state,
    view,
    columns,
    changedAt,
    commentCounts: computed(() => countComments(comments.value.values())),
    members,
    role,
    canEdit: computed(() => role.value !== "viewer"),
    isOver: computed(() => ["removed", "gone"].includes(state.value.status.state)),
    waitingTasks: computed(() => {
      const { pending, status } = state.value;
      const isWaiting = status.state === "offline" || status.state === "signed-out" || status.isHeldUp;
      return new Set(isWaiting ? pending.map(({ command }) => taskOf(command)).filter(isString) : []);
    }),
    editors: computed(() => {
      const editors = new Map<string, Member[]>();
      for (const { userId: typist, taskId } of typing.value) {
        const member = members.value.get(typist);
        if (!taskId || !member || typist === userId) continue;
        editors.set(taskId, [...(editors.get(taskId) ?? []), member]);
      }
      return editors;
    }),
    run(command) {
      // “Undo” takes back the last change, and this will be it.
      closeToast(UNDO_TOAST);
      const key = client.run(command);
      for (const wish of wishes) wish.later.add(key);
      show();
      return key;
    },
    undo: () => ask("undo"),
    redo: () => ask("redo"),
    nextText: (how) => toasts.textOf(client.next(how)),
    recentEvents: () => recent,
    beforeChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    nameOf: (id) => (id === userId ? "You" : (members.peek().get(id)?.name ?? id)),
    close() {
      stop();
      client.close();
    },
  };
}

/** The task that a command is about. */
function taskOf(command: Command): string | undefined {
  if (command.type === "create_task") return command.task.id;
  return "taskId" in command ? command.taskId : undefined;
}

function isString(value: string | undefined): value is string {
  return value !== undefined;
}
