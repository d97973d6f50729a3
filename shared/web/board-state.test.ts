import { expect, test } from "vitest";
import type { BoardEvent, Snapshot } from "../events.ts";
import { applyEvent } from "./board-state.ts";

const at = "2026-11-21T08:00:00.000Z";

function task(id: string, position: string, listId = "l") {
  return { id, listId, title: id, description: "", assigneeId: null, position, version: 1, updatedAt: at };
}

const START: Snapshot = {
  board: { id: "b", name: "Board", epoch: "e", members: [] },
  lists: [{ id: "l", name: "List", position: "a0" }],
  tasks: [task("t1", "a0"), task("t2", "a1")],
  seq: 4,
};

function apply(type: BoardEvent["type"], data: object): Snapshot {
  return applyEvent(START, { seq: 5, type, boardId: "b", actorId: "alice", at, data } as BoardEvent);
}

// That every kind of event leads to the server's own snapshot is proven in shared/board.test.ts.

test("positions are compared bytewise, whatever the reader's language says", () => {
  const ids = (snapshot: Snapshot) => snapshot.tasks.map(({ id }) => id);
  expect(ids(apply("task_created", { task: task("t3", "Zz") }))).toEqual(["t3", "t1", "t2"]);
  expect(ids(apply("task_created", { task: task("t3", "a0V") }))).toEqual(["t1", "t3", "t2"]);
});

test("what is deleted twice, or was never there, is no error", () => {
  expect(apply("task_deleted", { taskId: "t9", listId: "l" }).tasks).toEqual(START.tasks);
  expect(apply("list_deleted", { listId: "l9" }).lists).toEqual(START.lists);
});

test("the snapshot that it is given stays as it is", () => {
  const before = structuredClone(START);
  apply("task_deleted", { taskId: "t1", listId: "l" });
  apply("member_added", { member: { userId: "bob", name: "Bob", role: "editor" } });
  expect(START).toEqual(before);
});
