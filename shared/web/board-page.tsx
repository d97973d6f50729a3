import { signal } from "@preact/signals";
import { render } from "preact";
import type { BoardEvent, Snapshot } from "../events.ts";
import { createBoardApi, RefusedError } from "./board-api.ts";
import { applyEvent } from "./board-state.ts";
import { BoardView, type BoardViewState } from "./board-view.tsx";
import type { Connect, ConnectionState } from "./connect.ts";
import { reportToFrame } from "./pane-report.ts";

/** How long to wait before asking again for a board that could not be fetched, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * Shows one board as one user, kept up to date by a chapter's `connect`. The address says which and who:
 * `/board?user=bob&board=board-1`.
 */
export function startBoard(connect: Connect): void {
  const query = new URLSearchParams(location.search);
  const userId = query.get("user") ?? "alice";
  const boardId = query.get("board") ?? "board-1";
  const api = createBoardApi(boardId, userId);
  const report = reportToFrame();

  const state: BoardViewState = {
    snapshot: signal(undefined),
    connection: signal(undefined),
    loadedAt: signal(undefined),
    problem: signal(undefined),
  };
  let disconnect = () => {};
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Counts the loads: an answer that belongs to an older one is not used any more. */
  let generation = 0;

  /** Fetches the board and follows it from there. */
  async function load(): Promise<void> {
    generation += 1;
    const mine = generation;
    disconnect();
    disconnect = () => {};
    clearTimeout(retry);
    let snapshot: Snapshot;
    try {
      snapshot = await api.snapshot();
    } catch (error) {
      if (mine !== generation) return;
      state.connection.value = "waiting";
      // Asking again does not change a no, and may change a silence.
      if (error instanceof RefusedError) state.problem.value = error.message;
      else retry = setTimeout(load, RETRY_MS);
      return;
    }
    if (mine !== generation) return;
    show(snapshot);
    state.connection.value = undefined;
    disconnect = connect(boardId, { epoch: snapshot.board.epoch, seq: snapshot.seq }, onEvents, onState);
  }

  /** Fetches the board again, for instance to see one's own change at once; the connection goes on as it was. */
  async function refresh(): Promise<void> {
    const fresh = await api.snapshot();
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

  function onState(connection: ConnectionState): void {
    if (connection === "reset") load();
    else state.connection.value = connection;
  }

  function show(snapshot: Snapshot): void {
    state.snapshot.value = snapshot;
    state.loadedAt.value = new Date();
    report({ shows: { epoch: snapshot.board.epoch, seq: snapshot.seq } });
  }

  countRequests((requests) => report({ requests }));
  const root = required(document.getElementById("root"));
  root.setAttribute("aria-label", `The board as ${userId} sees it`);
  root.replaceChildren(); // the text for readers without scripts
  render(
    <BoardView
      state={state}
      api={api}
      userId={userId}
      refresh={refresh}
      onChange={(change) => report({ change })}
    />,
    root,
  );
  load();
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
