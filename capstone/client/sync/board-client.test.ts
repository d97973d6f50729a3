import { describe, expect, test } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { TRANSPORTS } from "./board-client.ts";
import { startModelServer } from "./testing/model-server.ts";
import { modelClient } from "./testing/open-client.ts";

const create = (title: string, id = `task-${title}`) =>
  ({ type: "create_task", task: { id, listId: "list-todo", title } }) as const;

describe("a client", () => {
  test.each(TRANSPORTS)("over %s: sees what others do, and others see what it does", async (transport) => {
    const server = await startModelServer();
    const alice = modelClient(server);
    const bob = modelClient(server, "bob");
    alice.force(transport);
    bob.force(transport);
    await until("both live", () => [alice, bob].every((each) => each.state().status.state === "live"));
    expect(alice.state().status).toMatchObject({ transport, forced: true, waiting: 0 });
    alice.run(create("hers"));
    expect(alice.state().view?.tasks.get("task-hers")).toMatchObject({ title: "hers" });
    bob.run(create("his"));
    const hasBoth = () =>
      [alice, bob].every((each) => {
        const { view, pending } = each.state();
        return view?.tasks.has("task-hers") && view.tasks.has("task-his") && pending.length === 0;
      });
    await until("both tasks on both", hasBoth);
    const { tasks } = (await server.store.snapshot("board-1")) as never as { tasks: object[] };
    expect([...(alice.state().view?.tasks.values() ?? [])]).toEqual(expect.arrayContaining(tasks));
  });

  test("hears who has done what, each event once, and the state that it is told of next has it", async () => {
    const server = await startModelServer();
    const alice = modelClient(server);
    const bob = modelClient(server, "bob");
    await until("both live", () => [alice, bob].every((each) => each.state().status.state === "live"));
    const heard: string[] = [];
    const shown: boolean[] = [];
    alice.subscribeEvents((events) => {
      for (const { actorId, type } of events) heard.push(`${actorId} ${type}`);
      const stop = alice.subscribe(() => {
        stop();
        shown.push(alice.state().view?.tasks.has("task-his") === true);
      });
    });
    bob.run(create("his"));
    await until("it was heard", () => heard.length > 0);
    alice.run({ type: "delete_task", taskId: "task-his" });
    await until("both", () => heard.length > 1);
    expect(heard).toEqual(["bob task_created", "alice task_deleted"]);
    expect(shown).toEqual([true, false]);
  });

  test("says that changes are held up as long as the server takes none, and not while they are only on their way", async () => {
    const server = await startModelServer();
    const alice = modelClient(server);
    const said: string[] = [];
    alice.subscribe(() => {
      const { state, isHeldUp, waiting } = alice.state().status;
      const text = `${state} ${isHeldUp ? "held up" : "on the way"} ${waiting}`;
      if (text !== said.at(-1)) said.push(text);
    });
    await until("live", () => alice.state().status.state === "live");
    server.network.delayMs = () => 20;
    said.length = 0;
    alice.run(create("first"));
    await until("it saved", () => alice.state().pending.length === 0);
    expect(said).toEqual(["live on the way 1", "live on the way 0"]);

    for (const status of [503, 429]) {
      server.network.refuses = () => status;
      said.length = 0;
      alice.run(create(`full-${status}`));
      alice.run(create(`also-${status}`));
      await until("it is said", () => alice.state().status.isHeldUp);
      server.network.refuses = () => undefined;
      await until("both saved", () => alice.state().pending.length === 0);
      expect(said).toEqual([
        "live on the way 1",
        "live on the way 2",
        "live held up 2",
        "live held up 1",
        "live on the way 0",
      ]);
    }
    said.length = 0;
    alice.run(create("last"));
    await until("it saved", () => alice.state().pending.length === 0);
    expect(said).toEqual(["live on the way 1", "live on the way 0"]);
  });
});
