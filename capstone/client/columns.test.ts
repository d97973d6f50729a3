import { expect, test } from "vitest";
import { putTask, stateOf } from "../board/board-state.ts";
import type { Snapshot, Task } from "../board/events.ts";
import { columnsOf, reordered } from "./columns.ts";

const task = (id: string, listId: string, position: string): Task => ({
  id,
  listId,
  position,
  title: id,
  description: "",
  assigneeId: null,
  labels: [],
  dueOn: null,
  version: 1,
  updatedAt: "2026-11-01T00:00:00.000Z",
  createdBy: "alice",
});

const snapshot: Snapshot = {
  board: { id: "b", name: "B", epoch: "e", members: [] },
  lists: [
    { id: "x", name: "X", position: "a0" },
    { id: "y", name: "Y", position: "a1" },
  ],
  tasks: [task("2", "x", "a2"), task("1", "x", "a1"), task("3", "y", "a0")],
  comments: [],
  seq: 1,
};

test("cards are in the order of their positions", () => {
  const columns = columnsOf(stateOf(snapshot), new Map());
  expect(columns.get("x")?.map(({ id }) => id)).toEqual(["1", "2"]);
});

test("a list in which nothing has changed is the same object", () => {
  const state = stateOf(snapshot);
  const before = columnsOf(state, new Map());
  const after = columnsOf(putTask(state, { ...task("3", "y", "a0"), title: "new" }), before);
  expect(after.get("x")).toBe(before.get("x"));
  expect(after.get("y")).not.toBe(before.get("y"));
});

test("only another order, or other cards, is reordered", () => {
  const state = stateOf(snapshot);
  const before = columnsOf(state, new Map());
  const renamed = columnsOf(putTask(state, { ...task("3", "y", "a0"), title: "new" }), before);
  expect(reordered(before, renamed)).toEqual([]);
  const moved = columnsOf(putTask(state, task("1", "y", "a9")), before);
  expect(reordered(before, moved)).toEqual(["x", "y"]);
});
