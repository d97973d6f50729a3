import { onTestFinished } from "vitest";
import type { Boards } from "../board.ts";
import type { BoardEvent } from "../events.ts";
import type { Connect, ConnectionState, Following } from "../web/connect.ts";
import { snapshotOf } from "./demo-board.ts";

/** Lets a chapter's client follow `board-1` from where it stands, and notes what it is told. */
export function followBoard(connect: Connect, boards: Boards) {
  const { board, seq } = snapshotOf(boards);
  const received: BoardEvent[] = [];
  const states: ConnectionState[] = [];
  const following = connect(
    "board-1",
    { epoch: board.epoch, seq },
    (events) => received.push(...events),
    (state) => states.push(state),
  );
  const stop = stopOf(following);
  onTestFinished(stop);
  return { received, states, stop };
}

/** What ends a connection of either kind. */
export function stopOf(following: Following | (() => void)): () => void {
  return typeof following === "function" ? following : following.stop;
}
