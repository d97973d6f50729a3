import { expect, test } from "vitest";
import { applyEvent, type BoardState, stateOf } from "./board-state.ts";
import { commandMessage } from "./commands.ts";
import type { BoardEvent, DataOf, EventType, Task } from "./events.ts";
import { predict } from "./predict.ts";

const AT = "2026-01-05T09:00:00.000Z";

function task(id: string, position: string, listId = "list-1"): Task {
  const texts = { title: id, description: "", labels: [], dueOn: null, assigneeId: null };
  return { id, listId, position, ...texts, version: 1, updatedAt: AT, createdBy: "alice" };
}

function board(tasks: readonly Task[] = []): BoardState {
  return stateOf({
    board: { id: "board-1", name: "Board", epoch: "e", members: [] },
    lists: [
      { id: "list-1", name: "One", position: "a0" },
      { id: "list-2", name: "Two", position: "a1" },
    ],
    tasks,
    comments: [],
    seq: 0,
  });
}

function event<Type extends EventType>(seq: number, type: Type, data: DataOf<Type>): BoardEvent {
  return { seq, type, data, boardId: "board-1", actorId: "alice", at: AT } as unknown as BoardEvent;
}

test("an event changes what it is about, and everything else is the same object as before", () => {
  const before = board([task("a", "a0"), task("b", "a1")]);
  const after = applyEvent(before, event(1, "task_moved", { task: task("a", "a2"), fromListId: "list-1" }));
  expect(after.seq).toBe(1);
  expect(after.tasks.get("a")?.position).toBe("a2");
  expect(after.tasks.get("b")).toBe(before.tasks.get("b"));
  expect(after.lists).toBe(before.lists);
  expect(before.tasks.get("a")?.position).toBe("a0");
});

test("new positions are for the tasks that they name, whatever these are called", () => {
  const before = board([task("constructor", "a0"), task("toString", "a1"), task("a", "a2")]);
  const after = applyEvent(
    before,
    event(1, "tasks_rebalanced", { listId: "list-1", positions: { a: "a9" } }),
  );
  expect([...after.tasks.values()].map(({ position }) => position)).toEqual(["a0", "a1", "a9"]);
});

test("an event of a newer server counts, and changes nothing else", () => {
  const before = board([task("a", "a0")]);
  const after = applyEvent(before, { ...event(1, "board_renamed", { name: "x" }), type: "later" } as never);
  expect({ ...after, seq: 0 }).toEqual(before);
  expect(after.seq).toBe(1);
});

test("a list takes its tasks and their comments with it", () => {
  const comment = { id: "c", taskId: "a", authorId: "alice", text: "Hello", at: AT };
  let state = board([task("a", "a0"), task("b", "a0", "list-2")]);
  state = applyEvent(state, event(1, "comment_added", { comment }));
  state = applyEvent(state, event(2, "list_deleted", { listId: "list-1", name: "One" }));
  expect([...state.tasks.keys()]).toEqual(["b"]);
  expect(state.comments.size).toBe(0);
});

test("a list comes back with its tasks and their comments, however many: the state before stays as it was", () => {
  const list = { id: "list-3", name: "Three", position: "a2" };
  const tasks = Array.from({ length: 40 }, (_, index) => task(`task-${index}`, "a0", "list-3"));
  const comments = Array.from({ length: 10_000 }, (_, index) => {
    return { id: `comment-${index}`, taskId: `task-${index % 40}`, authorId: "alice", text: "Hello", at: AT };
  });
  const before = board([task("a", "a0")]);
  const startedAt = performance.now();
  const after = applyEvent(before, event(1, "list_restored", { list, tasks, comments }));
  // A copy for each comment would take seconds.
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect([after.lists.length, after.tasks.size, after.comments.size]).toEqual([3, 41, 10_000]);
  expect([...after.comments.keys()]).toEqual(comments.map(({ id }) => id));
  expect([before.lists.length, before.tasks.size, before.comments.size]).toEqual([2, 1, 0]);

  const one = applyEvent(before, event(1, "task_restored", { task: task("b", "a1"), comments: [] }));
  expect([...one.tasks.keys()]).toEqual(["a", "b"]);
  expect(one.comments).toBe(before.comments);
});

test("what makes no sense any more is predicted to do nothing, and what is there already is not done twice", () => {
  const state = board([task("a", "a0")]);
  const will = (command: Parameters<typeof predict>[1]["command"]) =>
    predict(state, { command, actorId: "bob", at: AT });
  expect(will({ type: "move_task", taskId: "gone", place: { listId: "list-2" } })).toBe(state);
  expect(will({ type: "move_task", taskId: "a", place: { listId: "gone" } })).toBe(state);
  expect(will({ type: "create_task", task: { id: "a", listId: "list-1", title: "again" } })).toBe(state);
  expect(will({ type: "create_task", task: { id: "b", listId: "gone", title: "b" } })).toBe(state);
  expect(will({ type: "update_task", taskId: "gone", change: { title: "b" } })).toBe(state);
  expect(will({ type: "add_comment", taskId: "gone", comment: { id: "c", text: "c" } })).toBe(state);
  const moved = will({ type: "move_task", taskId: "a", place: { listId: "list-2" } });
  expect(moved.tasks.get("a")?.listId).toBe("list-2");
});

test("half a character is no text: it would be another one once it is stored", () => {
  const said = (title: string) => {
    const key = "0123456789abcdef";
    return commandMessage.safeParse({ type: "create_task", key, task: { listId: "list-1", title } }).success;
  };
  expect(said("a cake 🎂")).toBe(true);
  expect(said("half a cake \ud83c")).toBe(false);
  expect(said("two\nlines")).toBe(false);
});
