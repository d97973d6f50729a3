import { expect, test, vi } from "vitest";
import type { Snapshot, Task } from "../board/events.ts";
import { remoteChanges } from "./board/remote-changes.ts";
import { type Change, createBoardModel } from "./board-model.ts";
import { createFakeBoardClient } from "./testing/fake-board-client.ts";

const snapshot: Snapshot = {
  board: {
    id: "board-1",
    name: "B",
    epoch: "e",
    members: [
      { userId: "alice", name: "Alice", role: "editor" },
      { userId: "bob", name: "Bob", role: "viewer" },
    ],
  },
  lists: [{ id: "list-1", name: "To do", position: "a0" }],
  tasks: [],
  comments: [],
  seq: 1,
};

function open(userId = "alice") {
  const client = createFakeBoardClient(snapshot, userId);
  const storage = { length: 0, key: () => null, getItem: () => null } as unknown as Storage;
  const model = createBoardModel({ client, boardId: "board-1", userId, storage });
  return { client, model };
}

const create = (id: string) =>
  ({ type: "create_task", task: { id, listId: "list-1", title: `Title of ${id}` } }) as const;

const task = (id: string): Task => ({
  id,
  listId: "list-1",
  position: "a1",
  title: `Title of ${id}`,
  description: "",
  assigneeId: null,
  labels: [],
  dueOn: null,
  version: 1,
  updatedAt: "2026-11-01T00:00:00.000Z",
  createdBy: "bob",
});

test("what others do is told apart from what the user does", () => {
  const { client, model } = open();
  const changes: Change[] = [];
  model.beforeChange((change) => changes.push(change));
  model.run(create("mine"));
  client.remote("bob", "task_created", { task: task("theirs") });
  client.remote("alice", "task_created", { task: task("on her phone") });
  const remote = changes.flatMap((change) => remoteChanges(change, "alice"));
  expect(remote).toEqual([
    {
      id: "theirs",
      actorId: "bob",
      kind: "added",
      what: "card",
      title: "Title of theirs",
      listName: "To do",
    },
  ]);
  expect(changes.map(({ events }) => events.length)).toEqual([0, 1, 1]);
  expect(model.recentEvents().map(({ actorId }) => actorId)).toEqual(["alice", "bob"]);
});

test("editors are the others who type, by card", () => {
  const { client, model } = open();
  const typing = [{ userId: "alice", taskId: "t" }, { userId: "bob", taskId: "t" }, { userId: "bob" }];
  client.set({ people: { users: ["alice", "bob"], typing } });
  expect([...model.editors.value].map(([id, people]) => [id, people.map(({ name }) => name)])).toEqual([
    ["t", ["Bob"]],
  ]);
});

test("a change is marked as waiting only while it can't be sent", () => {
  const { client, model } = open();
  const pending = [{ key: "k", command: create("t"), actorId: "alice", at: "" }];
  client.set({ pending: pending as never });
  expect(model.waitingTasks.value.size).toBe(0);
  client.set({ status: { ...client.state().status, state: "offline" } });
  expect([...model.waitingTasks.value]).toEqual(["t"]);
});

test("a viewer can't edit", () => {
  expect(open("bob").model.canEdit.value).toBe(false);
  expect(open("alice").model.canEdit.value).toBe(true);
});

test("undo waits for the change that it means, as often as it was asked for", () => {
  const { client, model } = open();
  const on = (key: string) => [{ key, command: create("t"), actorId: "alice", at: "" }] as never;
  const undo = vi.spyOn(client, "undo").mockReturnValueOnce("first").mockReturnValueOnce("second");
  client.set({ pending: on("k") });
  model.undo();
  model.undo();
  expect(undo).not.toHaveBeenCalled();
  client.set({ pending: [] });
  expect(undo).toHaveBeenCalledTimes(1);
  client.set({ pending: on("first") });
  client.set({ pending: [] });
  expect(undo).toHaveBeenCalledTimes(2);
  client.set({ pending: on("second") });
  client.set({ pending: [] });
  expect(undo).toHaveBeenCalledTimes(2);
});
