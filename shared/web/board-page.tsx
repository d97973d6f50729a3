import { signal } from "@preact/signals";
import { render } from "preact";
import type { BoardEvent, Snapshot } from "../events.ts";
import { createBoardApi, RefusedError, type Session, SignedOutError } from "./board-api.ts";
import { applyEvent } from "./board-state.ts";
import { BoardView, type BoardViewState, NoBoard } from "./board-view.tsx";
import type { Connect, ConnectionState, Following } from "./connect.ts";
import { reportToFrame } from "./pane-report.ts";
import { SignIn } from "./sign-in.tsx";

/** How long to wait before asking again for a board that could not be fetched, in milliseconds. */
const RETRY_MS = 1_000;

/** How often it is told that somebody is still typing, in milliseconds. */
const TYPING_EVERY_MS = 2_000;

/**
 * Shows one board as one user, kept up to date by a chapter's `connect`. The address says which and who:
 * `/board?user=bob&board=board-1`.
 *
 * @param hasAccounts then it is the session that says who, and `user` is only what the sign-in form begins with
 */
export function startBoard(connect: Connect, { hasAccounts = false } = {}): void {
  const query = new URLSearchParams(location.search);
  const claimed = query.get("user") ?? (hasAccounts ? "" : "alice");
  const boardId = query.get("board") ?? "board-1";
  const api = createBoardApi(boardId, hasAccounts ? undefined : claimed, () => following);
  const report = reportToFrame();
  const root = required(document.getElementById("root"));

  const user = signal<Session | undefined>(hasAccounts ? undefined : { userId: claimed, name: claimed });
  const isSigningIn = signal(false);
  const state: BoardViewState = {
    snapshot: signal(undefined),
    connection: signal(undefined),
    loadedAt: signal(undefined),
    problem: signal(undefined),
    endedBecause: signal(undefined),
    detail: signal(undefined),
    people: signal(undefined),
  };
  let disconnect = () => {};
  /** The connection, where it is one that carries changes too. */
  let following: Following | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Where the user has typed last, and when it was told. */
  let typedIn: string | undefined;
  let typedAt = 0;
  /** Counts the loads: an answer that belongs to an older one is not used any more. */
  let generation = 0;

  /** Asks who is signed in, and shows that user the board, or the form if it is nobody. */
  async function start(): Promise<void> {
    if (!hasAccounts) return load();
    const mine = stopFollowing();
    let session: Session;
    try {
      session = await api.session();
    } catch (error) {
      if (mine !== generation) return;
      if (error instanceof SignedOutError) return askWho();
      state.connection.value = "waiting";
      if (error instanceof RefusedError) end(error.message);
      else retry = setTimeout(start, RETRY_MS);
      return;
    }
    if (mine === generation) await enter(session);
  }

  function askWho(): void {
    root.setAttribute("aria-label", "Sign in");
    isSigningIn.value = true;
  }

  async function enter(session: Session): Promise<void> {
    // Nobody sees what was shown to somebody else.
    if (session.userId !== user.value?.userId) forget();
    user.value = session;
    isSigningIn.value = false;
    root.setAttribute("aria-label", `The board as ${session.userId} sees it`);
    await load();
  }

  async function signIn(userId: string, password: string): Promise<void> {
    const session = await api.signIn(userId, password);
    focusBoard();
    await enter(session);
  }

  async function signOut(): Promise<void> {
    try {
      await api.signOut();
    } catch (error) {
      if (!(error instanceof SignedOutError)) {
        state.problem.value = "The server cannot be reached: you may still be signed in.";
        return;
      }
    }
    stopFollowing();
    forget();
    user.value = undefined;
    askWho();
  }

  function forget(): void {
    following?.forget();
    following = undefined;
    state.snapshot.value = undefined;
    state.problem.value = undefined;
    state.connection.value = undefined;
    state.people.value = undefined;
  }

  /** @returns the generation of what is loaded next */
  function stopFollowing(): number {
    disconnect();
    disconnect = () => {};
    clearTimeout(retry);
    generation += 1;
    return generation;
  }

  /** The board stays as it was last seen. */
  function end(reason: string): void {
    // The first reason is the real one, others follow from it.
    if (state.connection.value === "ended") return;
    stopFollowing();
    state.endedBecause.value = reason;
    state.connection.value = "ended";
  }

  function loadAgain(): void {
    focusBoard();
    state.connection.value = undefined;
    start();
  }

  /** The button that was pressed is about to go, and the focus with it. */
  function focusBoard(): void {
    root.tabIndex = -1;
    root.focus();
  }

  /** Fetches the board and follows it from there. */
  async function load(): Promise<void> {
    const mine = stopFollowing();
    let snapshot: Snapshot;
    try {
      snapshot = await api.snapshot();
    } catch (error) {
      if (mine !== generation) return;
      state.connection.value = "waiting";
      // Asking again does not change a no, and may change a silence.
      if (!(error instanceof RefusedError)) retry = setTimeout(load, RETRY_MS);
      else if (hasAccounts) end(error.message);
      else state.problem.value = error.message;
      return;
    }
    if (mine !== generation) return;
    show(snapshot);
    state.connection.value = undefined;
    const cursor = { epoch: snapshot.board.epoch, seq: snapshot.seq };
    const connection = connect(
      boardId,
      cursor,
      onEvents,
      onState,
      hasAccounts ? user.value?.userId : undefined,
      (people) => {
        state.people.value = people;
      },
    );
    following = typeof connection === "function" ? undefined : connection;
    disconnect = typeof connection === "function" ? connection : connection.stop;
  }

  /** Fetches the board again, for instance to see one's own change at once; the connection goes on as it was. */
  async function refresh(): Promise<void> {
    const mine = user.value;
    let fresh: Snapshot;
    try {
      fresh = await api.snapshot();
    } catch (error) {
      // Not a member any more. Another no may be a yes at the next change.
      if (hasAccounts && error instanceof RefusedError && error.status === 404) return end(error.message);
      throw error;
    }
    // Somebody else's by now.
    if (user.value !== mine) return;
    // Not the board as it was when this was asked: it may have been loaded anew meanwhile, from another log.
    const now = state.snapshot.value;
    if (!now || fresh.board.epoch !== now.board.epoch) return load();
    // An event may have overtaken this answer: never go back.
    if (fresh.seq >= now.seq) show(fresh);
  }

  function onEvents(events: BoardEvent[]): void {
    let snapshot = required(state.snapshot.value);
    for (const event of events) {
      if (event.seq <= snapshot.seq) continue; // already part of the snapshot
      if (event.seq > snapshot.seq + 1) return void load(); // something is missing: start over
      snapshot = applyEvent(snapshot, event);
    }
    show(snapshot);
  }

  /** Not with every key: the server takes it for a few seconds. */
  function onTyping(taskId?: string): void {
    const place = taskId ?? "";
    if (place === typedIn && performance.now() - typedAt < TYPING_EVERY_MS) return;
    typedIn = place;
    typedAt = performance.now();
    following?.typing?.(taskId);
  }

  function onStopTyping(): void {
    if (typedIn === undefined) return;
    typedIn = undefined;
    following?.stopTyping?.();
  }

  function onState(connection: ConnectionState, detail?: string): void {
    if (connection === "reset") load();
    else if (connection === "ended") end(detail ?? "The server has ended the connection.");
    else {
      state.connection.value = connection;
      state.detail.value = detail;
    }
  }

  function show(snapshot: Snapshot): void {
    state.snapshot.value = snapshot;
    state.loadedAt.value = new Date();
    report({ shows: { epoch: snapshot.board.epoch, seq: snapshot.seq } });
  }

  countRequests((requests) => report({ requests }));
  root.replaceChildren(); // the text for readers without scripts
  if (!hasAccounts) root.setAttribute("aria-label", `The board as ${claimed} sees it`);
  render(<Page />, root);
  start();

  function Page() {
    const { userId, name } = user.value ?? {};
    const account = hasAccounts && name !== undefined ? { name, signOut } : undefined;
    return (
      <>
        {isSigningIn.value && <SignIn userId={userId ?? claimed} signIn={signIn} />}
        {/* Behind the form, so that a user whose session has expired finds what was being typed. */}
        <div hidden={isSigningIn.value}>
          {userId === undefined ? (
            <NoBoard state={state} account={undefined} loadAgain={loadAgain} />
          ) : (
            <BoardView
              key={userId}
              state={state}
              api={api}
              userId={userId}
              account={account}
              refresh={refresh}
              loadAgain={loadAgain}
              end={end}
              onTyping={onTyping}
              onStopTyping={onStopTyping}
              onChange={(change) => report({ change })}
            />
          )}
        </div>
      </>
    );
  }
}

/** Counts what this pane has asked the server for since it was opened. */
function countRequests(onCount: (requests: number) => void): void {
  let requests = 0;
  new PerformanceObserver((list) => {
    const calls = list
      .getEntries()
      .filter((entry) => "initiatorType" in entry && entry.initiatorType === "fetch");
    if (calls.length === 0) return;
    requests += calls.length;
    onCount(requests);
  }).observe({ type: "resource", buffered: true });
}

function required<T>(value: T | null | undefined): T {
  if (value == null) throw new Error("the page is not in the state that its code relies on");
  return value;
}
