import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { stateOf } from "../../board/board-state.ts";
import type { BoardEvent, DataOf, EventType, Task, TaskField } from "../../board/events.ts";
import { namesFrom } from "./event-names.ts";
import { eventText } from "./event-text.ts";

const alice = { userId: "alice", name: "Alice", role: "owner" } as const;
const bob = { userId: "bob", name: "Bob", role: "editor" } as const;
const list = { id: "todo", name: "To do", position: "a" };
const plain: Task = {
  ...{ id: "t", listId: "todo", position: "a", title: "Logo", description: "", assigneeId: null, labels: [] },
  ...{ dueOn: null, version: 1, updatedAt: "2026-11-01T00:00:00.000Z", createdBy: "alice" },
};
const view = stateOf({
  board: { id: "b", name: "B", epoch: "e", members: [alice, bob] },
  ...{ lists: [list], tasks: [plain], comments: [], seq: 1 },
});
const model = {
  view: signal(view),
  members: signal(new Map([alice, bob].map((member) => [member.userId, member]))),
  userId: "alice",
};

/** In the order in which they have happened. @returns the text of the last one */
function textOf(events: readonly [EventType, object, string?][], taskId?: string): string {
  const all = events.map(
    ([type, data, actorId = "alice"], index) =>
      ({ seq: index + 1, type, boardId: "b", actorId, at: "2026-11-22T00:00:00.000Z", data }) as BoardEvent,
  );
  return eventText(all.at(-1) as BoardEvent, namesFrom(model as never, all.toReversed(), taskId));
}

const updated = (change: Partial<Task>): [EventType, DataOf<"task_updated">] => [
  "task_updated",
  { task: { ...plain, ...change }, changed: Object.keys(change) as TaskField[] },
];
const created: [EventType, object] = ["task_created", { task: plain }];

describe("an event in words", () => {
  test.each([
    [{ dueOn: "2040-11-28" }, "set the due date of “Logo” to Nov 28, 2040"],
    [{ dueOn: null }, "removed the due date of “Logo”"],
    [{ assigneeId: "bob" }, "assigned “Logo” to Bob"],
    [{ assigneeId: null }, "assigned “Logo” to nobody"],
    [{ labels: ["backend"] }, "added the label backend to “Logo”"],
    [{ labels: ["a", "b"] }, "added the labels a and b to “Logo”"],
    [{ description: "x" }, "wrote the description of “Logo”"],
    [{ title: "Badge" }, "renamed “Logo” to “Badge”"],
  ] as [Partial<Task>, string][])("what was set: %j", (change, text) => {
    expect(textOf([created, updated(change)])).toBe(text);
  });

  test("what was taken away, as the event before it says", () => {
    const full = updated({ assigneeId: "bob", labels: ["a", "b"], description: "x" });
    const last = (change: Partial<Task>) => textOf([created, full, updated(change)]);
    expect(last({ assigneeId: null })).toBe("took “Logo” from Bob");
    expect(last({ labels: ["b", "c"] })).toBe(
      "added the label c to “Logo” and removed the label a from “Logo”",
    );
    expect(last({ description: "" })).toBe("removed the description of “Logo”");
    expect(last({ description: "y" })).toBe("changed the description of “Logo”");
  });

  test("nothing is made up about what is not known", () => {
    expect(textOf([updated({ title: "Badge" })])).toBe("renamed a card to “Badge”");
    expect(textOf([updated({ labels: ["a", "b"] })])).toBe("set the labels of “Logo” to a, b");
    expect(textOf([updated({ assigneeId: null })])).toBe("assigned “Logo” to nobody");
    expect(textOf([["comment_deleted", { commentId: "c", taskId: "t" }]])).toBe(
      "deleted a comment on “Logo”",
    );
  });

  test("in a card's own history the card is not named again", () => {
    const inCard = (...events: [EventType, object][]) => textOf(events, "t");
    expect(inCard(created, updated({ dueOn: "2040-11-28" }))).toBe("set the due date to Nov 28, 2040");
    expect(inCard(created, updated({ assigneeId: "bob" }))).toBe("assigned it to Bob");
    expect(inCard(created, updated({ labels: ["a"] }))).toBe("added the label a");
    const comment = { id: "c", taskId: "t", authorId: "bob", text: "Hello\nyou", at: "" };
    expect(inCard(["comment_added", { comment }])).toBe("commented: Hello you");
    expect(inCard(["comment_added", { comment }], ["comment_deleted", { commentId: "c", taskId: "t" }])).toBe(
      "deleted the comment “Hello you”",
    );
  });

  test("what is gone is called as it was called", () => {
    const comment = { id: "c", taskId: "gone", authorId: "bob", text: "Why?", at: "" };
    expect(
      textOf([
        ["task_deleted", { taskId: "gone", listId: "old", title: "Old card" }],
        ["list_deleted", { listId: "old", name: "Old list" }],
        ["comment_added", { comment }],
      ]),
    ).toBe("commented on “Old card”: Why?");
    expect(
      textOf([
        ["list_deleted", { listId: "old", name: "Old list" }],
        ["task_moved", { task: plain, fromListId: "old" }],
      ]),
    ).toBe("moved “Logo” from Old list to To do");
    expect(textOf([["member_removed", { userId: "dora" }]])).toBe("removed dora");
    const dora = { userId: "dora", name: "Dora", role: "viewer" };
    expect(
      textOf([
        ["member_added", { member: dora }],
        ["member_removed", { userId: "dora" }],
      ]),
    ).toBe("removed Dora");
  });

  test("who joins, and who leaves, does it by themselves", () => {
    expect(textOf([["member_added", { member: bob }, "bob"]])).toBe("joined by a link, as editor");
    expect(textOf([["member_added", { member: bob }, "alice"]])).toBe("added Bob as editor");
    expect(textOf([["member_removed", { userId: "bob" }, "bob"]])).toBe("left the board");
  });

  test("taking back is told from doing again", () => {
    const deleted: [EventType, object] = ["task_deleted", { taskId: "t", listId: "todo", title: "Logo" }];
    const restored: [EventType, object] = ["task_restored", { task: plain, comments: [], undoes: 1 }];
    const again: [EventType, object] = [
      "task_deleted",
      { taskId: "t", listId: "todo", title: "Logo", undoes: 2 },
    ];
    expect(textOf([deleted, restored])).toBe("took back: deleted “Logo”");
    expect(textOf([deleted, restored, again])).toBe("did again: deleted “Logo”");
    expect(textOf([["task_restored", { task: plain, comments: [], undoes: 99 }]])).toBe(
      "took something back: brought back “Logo”",
    );
  });
});
