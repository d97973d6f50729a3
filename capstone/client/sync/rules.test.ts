import { describe, expect, test } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { startModelServer } from "./testing/model-server.ts";
import { modelClient } from "./testing/open-client.ts";

async function twoPeople() {
  const server = await startModelServer();
  const alice = modelClient(server, "alice");
  const bob = modelClient(server, "bob");
  const live = () =>
    until("both live", () => [alice, bob].every((each) => each.state().status.state === "live"));
  await live();
  const apart = () => {
    server.network.isDown = true;
    server.cut();
  };
  const together = async () => {
    server.network.isDown = false;
    await live();
    await until("both sent", () => [alice, bob].every((each) => each.state().pending.length === 0));
  };
  const taskOf = (client: typeof alice, id = "task-1") => client.state().view?.tasks.get(id);
  return { server, alice, bob, apart, together, taskOf };
}

describe("when two people meet", () => {
  test("a move and a rename both survive", async () => {
    const { alice, bob, apart, together, taskOf } = await twoPeople();
    apart();
    alice.run({ type: "move_task", taskId: "task-1", place: { listId: "list-done" } });
    bob.run({ type: "update_task", taskId: "task-1", change: { title: "Renamed" } });
    await together();
    await until(
      "both changes",
      () => taskOf(alice)?.title === "Renamed" && taskOf(bob)?.listId === "list-done",
    );
  });

  test("two edits of one title: the second gets both texts, and nothing of it is lost", async () => {
    const { server, alice, taskOf } = await twoPeople();
    const version = taskOf(alice)?.version ?? 0;
    await server.store.run("bob", undefined, {
      type: "update_task",
      taskId: "task-1",
      change: { title: "Bob's" },
    });
    alice.run({ type: "update_task", taskId: "task-1", change: { title: "Alice's", version } });
    const notice = await until("the conflict", () => alice.state().notices[0]);
    expect(notice).toMatchObject({
      kind: "conflict",
      taskId: "task-1",
      conflicts: [{ field: "title", yours: "Alice's", theirs: "Bob's", actorId: "bob" }],
    });
    await until("Bob's title", () => taskOf(alice)?.title === "Bob's");
  });

  test("two edits of one's own, offline, are no conflict", async () => {
    const { alice, apart, together, taskOf } = await twoPeople();
    const version = taskOf(alice)?.version ?? 0;
    apart();
    alice.run({ type: "update_task", taskId: "task-1", change: { title: "First", version } });
    alice.run({ type: "update_task", taskId: "task-1", change: { title: "Second", version } });
    await together();
    expect(alice.state().notices).toEqual([]);
    expect(taskOf(alice)?.title).toBe("Second");
  });

  test("whose move was overruled is told, and can put it back", async () => {
    const { alice, bob, apart, together, taskOf } = await twoPeople();
    apart();
    alice.run({ type: "move_task", taskId: "task-1", place: { listId: "list-done" } });
    bob.run({ type: "move_task", taskId: "task-1", place: { listId: "list-doing" } });
    await together();
    const loser = await until("the notice", () =>
      [alice, bob].find((each) => each.state().notices.length > 0),
    );
    const [notice] = loser.state().notices;
    if (notice?.kind !== "overruled") throw new Error(`not overruled but ${notice?.kind}`);
    const mine = loser === alice ? "list-done" : "list-doing";
    expect(notice.event.actorId).toBe(loser === alice ? "bob" : "alice");
    loser.run(notice.back);
    await until("it back on both", () => taskOf(alice)?.listId === mine && taskOf(bob)?.listId === mine);
    loser.dismiss(notice.id);
    expect(loser.state().notices).toEqual([]);
  });
});

describe("undo", () => {
  test("takes back the last one first, and does it again", async () => {
    const { alice, bob, taskOf } = await twoPeople();
    const before = taskOf(alice)?.title;
    alice.run({ type: "update_task", taskId: "task-1", change: { title: "Changed" } });
    alice.run({ type: "delete_task", taskId: "task-2" });
    await until("both passed", () => alice.state().pending.length === 0 && alice.state().canUndo);
    alice.undo();
    await until("the task is back", () => taskOf(bob, "task-2"));
    await until("passed", () => alice.state().pending.length === 0);
    alice.undo();
    await until("the title is back", () => taskOf(bob)?.title === before);
    await until("passed", () => alice.state().canRedo && alice.state().pending.length === 0);
    expect(alice.state().canUndo).toBe(false);
    alice.redo();
    await until("changed again", () => taskOf(bob)?.title === "Changed");
    await until("undo again", () => alice.state().canUndo);
  });

  test("that is refused is said", async () => {
    const { server, alice, taskOf } = await twoPeople();
    alice.run({ type: "update_task", taskId: "task-1", change: { title: "Changed" } });
    await until("undo", () => alice.state().canUndo);
    await server.store.run("bob", undefined, {
      type: "update_task",
      taskId: "task-1",
      change: { title: "Bob's" },
    });
    alice.undo();
    await until("the notice", () => alice.state().notices.length === 1);
    expect(alice.state().notices).toMatchObject([{ kind: "rejected", error: { code: "undo_conflict" } }]);
    expect(taskOf(alice)?.title).toBe("Bob's");
    expect(alice.state().canUndo).toBe(false);
  });

  test("a change that changed nothing is nothing to take back", async () => {
    const { alice, taskOf } = await twoPeople();
    const { title = "" } = taskOf(alice) ?? {};
    alice.run({ type: "update_task", taskId: "task-1", change: { title } });
    await until("the answer", () => alice.state().status.waiting === 0 && alice.state().pending.length === 0);
    expect(alice.state().canUndo).toBe(false);
  });
});
