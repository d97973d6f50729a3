import { expect, test } from "vitest";
import type { Task } from "../../board/events.ts";
import { versionFor } from "./use-text-edit.ts";

const task: Task = {
  ...{
    id: "task-1",
    listId: "list-1",
    title: "Logo",
    description: "First",
    position: "a0",
    assigneeId: null,
  },
  ...{ labels: [], dueOn: null, version: 5, updatedAt: "2026-11-01T00:00:00.000Z", createdBy: "alice" },
};
const edit = { base: "First", version: 3 };
const description = (text: string) => ({
  command: {
    type: "update_task" as const,
    taskId: "task-1",
    change: { description: text, version: 3 },
  },
});

test("an edit of the text that is there is one of the version that is there", () => {
  expect(versionFor(edit, task, "description", [])).toBe(5);
});

test("an edit of a text that is not there any more stays one of its own version", () => {
  expect(versionFor(edit, { ...task, description: "Bob's" }, "description", [])).toBe(3);
});

test("one's own text on its way may hide somebody else's: the version that is there counts only after it", () => {
  expect(versionFor(edit, task, "description", [description("First")])).toBe(3);
  expect(versionFor(edit, task, "title", [description("First")])).toBe(3);
  expect(versionFor({ ...edit, base: "Logo" }, task, "title", [description("First")])).toBe(5);
});
