import { expect, test } from "vitest";
import type { Command } from "../../board/commands.ts";
import type { Snapshot } from "../../board/events.ts";
import { createBoardSession } from "./board-session.ts";
import { createMemoryOutbox } from "./memory-outbox.ts";

const task = {
  ...{ id: "task-1", listId: "list-1", title: "Logo", description: "", position: "a0", assigneeId: null },
  ...{ labels: [], dueOn: null, version: 1, updatedAt: "2026-11-01T00:00:00.000Z", createdBy: "alice" },
};
const snapshot = (seq: number, version: number, description: string): Snapshot => ({
  board: { id: "board-1", name: "Board", epoch: "e1", members: [] },
  lists: [{ id: "list-1", name: "To do", position: "a0" }],
  tasks: [{ ...task, version, description }],
  comments: [],
  seq,
});
const describeIt = (description: string, version: number): Command => ({
  type: "update_task",
  taskId: "task-1",
  change: { description, version },
});

function open() {
  const session = createBoardSession({
    boardId: "board-1",
    userId: "alice",
    outbox: createMemoryOutbox(),
    onEvents() {},
    onChange() {},
  });
  session.snapshot(snapshot(1, 1, ""));
  return session;
}

test("a text that is saved between the answer to the one before and its event is no conflict with that", () => {
  const session = open();
  const first = session.add(describeIt("First", 1), "do");
  session.answer(first.key, { status: 200, body: { ...task, version: 2 }, seq: 2 }, true);
  expect(session.sync.view?.tasks.get("task-1")?.version).toBe(1);
  expect(session.add(describeIt("Second", 1), "do").command).toEqual(describeIt("Second", 2));
});

test("a text from before one that was refused, or that the log has passed, stays what it is", () => {
  const session = open();
  const refused = session.add(describeIt("First", 1), "do");
  session.answer(refused.key, { status: 409, body: { error: { code: "version_conflict" } } }, true);
  expect(session.add(describeIt("Second", 1), "do").command).toEqual(describeIt("Second", 1));
  const passed = session.add(describeIt("Third", 1), "do");
  session.answer(passed.key, { status: 200, body: { ...task, version: 2 }, seq: 2 }, true);
  session.snapshot(snapshot(3, 3, "Bob's"));
  expect(session.add(describeIt("Fourth", 1), "do").command).toEqual(describeIt("Fourth", 1));
});
