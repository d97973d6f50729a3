import { onTestFinished } from "vitest";
import type { Boards } from "../board.ts";
import type { BoardEvent } from "../events.ts";
import type { Connect, ConnectionState } from "../web/connect.ts";
import { snapshotOf } from "./demo-board.ts";

/** Lets a chapter's client follow `board-1` from where it stands, and notes what it is told. */
export function followBoard(connect: Connect, boards: Boards) {
  const { board, seq } = snapshotOf(boards);
  const received: BoardEvent[] = [];
  const states: ConnectionState[] = [];
  const stop = connect(
    "board-1",
    { epoch: board.epoch, seq },
    (events) => received.push(...events),
    (state) => states.push(state),
  );
  onTestFinished(stop);
  return { received, states, stop };
}
