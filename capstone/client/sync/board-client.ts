// A board, live: what a page, or a program in Node, works with. `openBoardClient` puts the parts together: the session (state, outbox,
// undo), the tabs, and the role of this one among them.
import type { Command } from "../../board/commands.ts";
import type { BoardEvent } from "../../board/events.ts";
import { createBoardSession } from "./board-session.ts";
import type { ClientState, Status, TransportName } from "./client-state.ts";
import { createFollower, type FollowerSettings } from "./follower.ts";
import { createLeader, type LeaderSettings } from "./leader.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";
import type { Role } from "./role.ts";
import type { OwnMessage, TabMessage } from "./tab-messages.ts";
import { soloTab, type Tabs } from "./tabs.ts";
import { longPollTransport } from "./transports/long-poll.ts";
import { pollTransport } from "./transports/poll.ts";
import { type SocketSettings, socketTransport } from "./transports/socket.ts";
import { streamTransport } from "./transports/stream.ts";
import type { Transport } from "./transports/transport.ts";

export type { PendingChange } from "./board-sync.ts";
export type { ClientState, Notice, People, Status, StatusName, TransportName } from "./client-state.ts";
export { TRANSPORTS } from "./client-state.ts";

export interface BoardClientOptions extends LeaderSettings, FollowerSettings {
  readonly boardId: string;
  /** Who is signed in. */
  readonly userId: string;
  /** Where the server is, without a slash at the end. @default where the page comes from */
  readonly baseUrl?: string;
  /** The user's. It is not closed with the client: several boards share it. */
  readonly outbox: Outbox;
  /** @default this tab alone */
  readonly tabs?: Tabs;
  /** @default the platform's */
  readonly fetch?: typeof fetch;
  /** @default the platform's; Node 20 has none */
  readonly WebSocket?: SocketSettings["WebSocket"];
  /** The best first. @default socket, stream, long-poll, poll */
  readonly transports?: readonly Transport[];
  /** Nobody is signed in any more, or somebody else is. Changes wait in the outbox for the same user. */
  onSignedOut?(): void;
}

export interface BoardClient {
  /** The same object until something changes. */
  state(): ClientState;
  /** @returns unsubscribes */
  subscribe(listener: () => void): () => void;
  /**
   * What the log says, as it comes: who has done what. Right before `subscribe` is told of the state with it. What has happened in an
   * absence may come as a snapshot, and not as events.
   * @returns unsubscribes
   */
  subscribeEvents(listener: (events: readonly BoardEvent[]) => void): () => void;
  /** Makes a change. It shows at once, and is sent as soon as there is a connection. @returns its key */
  run(command: Command): string;
  /**
   * Takes back the user's last change on this board since it was opened. Nothing happens if there is none.
   * @param later keys of changes that are not meant, because they were made after the user had asked for it
   * @returns the key of the command that does it
   */
  undo(later?: ReadonlySet<string>): string | undefined;
  redo(): string | undefined;
  /** What `undo` would take back, or `redo` do again. Undefined if that is nothing, or not known. */
  next(how: "undo" | "redo", later?: ReadonlySet<string>): BoardEvent | undefined;
  /** The user types in a task, or a new one. Call it as often as you like. */
  typing(taskId?: string): void;
  stopTyping(): void;
  /** Only this transport, in all tabs; `auto`: the best one that gets through. */
  force(transport: TransportName | "auto"): void;
  /** Also lets go of the refused command that it is about. */
  dismiss(noticeId: string): void;
  /** While offline: tries to connect at once, and not when the next attempt is due. */
  tryNow(): void;
  /** Follows no more. Changes that are not answered stay in the outbox. Resolves when everything is stored. */
  close(): Promise<void>;
}

/** That somebody still types at the same place is passed on so often, in milliseconds. */
const TYPING_EVERY_MS = 2_000;

export function openBoardClient(options: BoardClientOptions): BoardClient {
  const { boardId, userId, outbox, tabs = soloTab() } = options;
  const server = {
    baseUrl: options.baseUrl ?? "",
    // Called without an object, as the browser's demands it.
    fetch: options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => globalThis.fetch(input, init)),
  };
  const transports = options.transports ?? [
    socketTransport(options.WebSocket ? { WebSocket: options.WebSocket } : {}),
    streamTransport(),
    longPollTransport(),
    pollTransport(),
  ];
  const listeners = new Set<() => void>();
  const eventListeners = new Set<(events: readonly BoardEvent[]) => void>();
  let state: ClientState | undefined;
  let role: Role | undefined;
  let forced: TransportName | "auto" = "auto";
  let isClosed = false;
  let typed: { readonly taskId: string | undefined; readonly at: number } | undefined;

  const session = createBoardSession({ boardId, userId, outbox, onEvents, onChange });
  const name = `board:${userId}:${boardId}`;
  const channel = tabs.channel(name, (message) => !isClosed && onMessage(message as TabMessage));
  const post = (message: OwnMessage) => channel.post({ ...message, from: tabs.id });
  const shared = { ...options, ...server, session, transports, post, onChange };
  const onSignedOut = () => options.onSignedOut?.();

  function onEvents(events: readonly BoardEvent[]): void {
    for (const listener of [...eventListeners]) listener(events);
  }

  function onChange(): void {
    state = undefined;
    for (const listener of [...listeners]) listener();
  }

  function follow(): void {
    role = createFollower({ ...shared, onSignedOut, steal: () => campaign.steal() });
  }

  function lead(): void {
    if (isClosed || !isLoaded) return;
    const { status } = role ?? {};
    // Who takes over goes on in the way that the user has chosen, whichever tab it was chosen in.
    if (status) forced = status.forced && status.transport ? status.transport : forced;
    role?.close(false);
    role = createLeader({ ...shared, onSignedOut, forced });
    onChange();
  }

  let isLoaded = false;
  let isElected = false;
  const campaign = tabs.campaign(
    name,
    () => {
      isElected = true;
      lead();
    },
    () => {
      isElected = false;
      if (isClosed || !isLoaded) return;
      role?.close(false);
      follow();
      onChange();
    },
  );
  // First what is known already: the last page's changes have to be in the queue before the first new one is sent.
  session.load().then(() => {
    isLoaded = true;
    if (isClosed) return;
    if (isElected) lead();
    else follow();
  });

  function onMessage(message: TabMessage): void {
    if (message.type === "answer") session.answer(message.key, message.answer, false);
    if (message.type === "dismiss") session.dismiss(message.id, false);
    if (message.type === "command" && !isElected) session.merge([message.entry]);
    if (message.type === "force") forced = message.transport;
    role?.onMessage(message);
  }

  function send(entry: OutboxEntry): string {
    post({ type: "command", entry });
    role?.poke();
    return entry.key;
  }

  function takeBack(how: "undo" | "redo", later?: ReadonlySet<string>): string | undefined {
    const command = session.undoing(how, later);
    return command && send(session.add(command, how));
  }

  function current(): ClientState {
    const { view, pending } = session.sync;
    const { notices, canUndo, canRedo } = session;
    const people = role?.people ?? { users: [], typing: [] };
    return { view, status: status(), people, pending, notices, canUndo, canRedo };
  }

  function status(): Status {
    const known = role?.status ?? { state: "catching-up" as const, transport: undefined, forced: false };
    const isLoading = session.sync.view === undefined && known.state === "catching-up";
    const waiting = session.undecided.length;
    const isHeldUp = known.state === "live" && waiting > 0 && role?.isHeldUp;
    return { ...known, ...(isLoading && { state: "loading" }), ...(isHeldUp && { isHeldUp }), waiting };
  }

  return {
    state() {
      state ??= current();
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    subscribeEvents(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
    run: (command) => send(session.add(command, "do")),
    undo: (later) => takeBack("undo", later),
    redo: () => takeBack("redo"),
    next: (how, later) => session.undone(how, later),
    typing(taskId) {
      if (typed && typed.taskId === taskId && Date.now() - typed.at < TYPING_EVERY_MS) return;
      typed = { taskId, at: Date.now() };
      role?.typing(taskId === undefined ? {} : { taskId });
    },
    stopTyping() {
      if (typed) role?.typing("stopped");
      typed = undefined;
    },
    force(transport) {
      forced = transport;
      post({ type: "force", transport });
      role?.force(transport);
    },
    tryNow: () => role?.tryNow(),
    dismiss(noticeId) {
      session.dismiss(noticeId, true);
      post({ type: "dismiss", id: noticeId });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      post({ type: "bye" });
      role?.close(true);
      campaign.leave();
      channel.close();
      listeners.clear();
      eventListeners.clear();
      await session.written();
    },
  };
}
