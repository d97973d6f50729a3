import { describe, expect, test, vi } from "vitest";
import { until } from "../../shared/testing/until.ts";
import type { Snapshot, Task } from "../board/events.ts";
import { remoteChanges } from "./board/remote-changes.ts";
import { type Change, createBoardModel } from "./board-model.ts";
import { startModelServer } from "./sync/testing/model-server.ts";
import { modelClient } from "./sync/testing/open-client.ts";
import { createFakeBoardClient } from "./testing/fake-board-client.ts";
import { clearToasts, toasts } from "./toasts.ts";

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

const storage = { length: 0, key: () => null, getItem: () => null } as unknown as Storage;

function open(userId = "alice") {
  const client = createFakeBoardClient(snapshot, userId);
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
  client.set({ status: { ...client.state().status, state: "live" } });
  expect(model.waitingTasks.value.size).toBe(0);
  client.set({ status: { ...client.state().status, isHeldUp: true } });
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

describe("undo that was asked for while something is on its way", () => {
  const rename = (taskId: string, title: string) =>
    ({ type: "update_task", taskId, change: { title } }) as const;

  async function offline() {
    clearToasts();
    const server = await startModelServer();
    const client = modelClient(server);
    const model = createBoardModel({ client, boardId: "board-1", userId: "alice", storage });
    const titleOf = (id: string) => client.state().view?.tasks.get(id)?.title;
    await until("live", () => client.state().status.state === "live");
    const before = ["task-1", "task-2", "task-3"].map(titleOf);
    server.network.isDown = true;
    server.cut();
    await until("offline", () => client.state().status.state === "offline");
    const reconnect = async () => {
      server.network.isDown = false;
      await until("live", () => client.state().status.state === "live");
    };
    const titles = () => ["task-1", "task-2", "task-3"].map(titleOf);
    const text = () => toasts.value.map((toast) => toast.text).join();
    return { model, before, titles, reconnect, text };
  }

  test("takes back what was the last change then, and nothing that was done later", async () => {
    const { model, before, titles, reconnect, text } = await offline();
    model.run(rename("task-1", "First"));
    model.run(rename("task-2", "Second"));
    model.undo();
    expect(text()).toBe("This will be undone when the change has reached the server.");
    model.run(rename("task-3", "Later"));
    expect(text()).toBe("This will be undone when the change has reached the server.");
    await reconnect();
    await until("undone", () => text().startsWith("Undone: "));
    expect(titles()).toEqual(["First", before[1], "Later"]);
    expect(toasts.value).toHaveLength(1);
    // It has not lost its turn.
    model.undo();
    await until("undone too", () => titles()[2] === before[2]);
    expect(titles()).toEqual(["First", before[1], before[2]]);
  });

  test("twice means the two changes before, and redo after it the first of them", async () => {
    const { model, before, titles, reconnect, text } = await offline();
    model.run(rename("task-1", "First"));
    model.run(rename("task-2", "Second"));
    model.undo();
    model.undo();
    model.redo();
    expect(text()).toBe("This will be done again when the change has reached the server.");
    model.run(rename("task-3", "Later"));
    await reconnect();
    await until("done again", () => text().startsWith("Done again: "));
    expect(titles()).toEqual(["First", before[1], "Later"]);
  });

  test("takes back nothing else if the change is refused", async () => {
    const { model, before, titles, reconnect } = await offline();
    model.run(rename("task-1", "First"));
    model.run({ type: "delete_comment", commentId: "not there" });
    model.undo();
    await reconnect();
    await until("refused", () => model.state.value.notices.length === 1);
    await until("everything sent", () => model.state.value.pending.length === 0);
    expect(titles()).toEqual(["First", before[1], before[2]]);
  });

  test("is not promised if there is nothing to do again", async () => {
    const { model, text } = await offline();
    model.run(rename("task-1", "First"));
    model.redo();
    expect(text()).toBe("");
  });
});
