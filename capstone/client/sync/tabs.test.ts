import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { createRandom } from "../../../shared/wire/random.ts";
import type { Hints } from "./hints.ts";
import { createMemoryOutbox } from "./memory-outbox.ts";
import { createMemoryTabs } from "./memory-tabs.ts";
import { startModelServer } from "./testing/model-server.ts";
import { modelClient } from "./testing/open-client.ts";

async function severalTabs(count: number) {
  const server = await startModelServer(60);
  const newTab = createMemoryTabs();
  const outbox = createMemoryOutbox();
  const open = () => {
    const tab = newTab();
    const requests: unknown[] = [];
    const fetch: typeof globalThis.fetch = (...request) => {
      requests.push(request[0]);
      return server.fetchAs("alice")(...request);
    };
    return { tab, requests, client: modelClient(server, "alice", { tabs: tab, outbox, fetch }) };
  };
  const all = Array.from({ length: count }, open);
  await until("all live", () => all.every(({ client }) => client.state().status.state === "live"));
  return { server, open, all, outbox };
}

const create = (id: string) =>
  ({ type: "create_task", task: { id, listId: "list-todo", title: id } }) as const;

describe("several tabs of one user", () => {
  test("share one connection; each sees what the others do, before the server has said it", async () => {
    const { server, all } = await severalTabs(3);
    expect(server.connections).toEqual({ sockets: 1, streams: 0 });
    const [first, second, third] = all.map(({ client }) => client);
    server.network.isFrozen = true;
    third?.run(create("made"));
    await until("it in all tabs", () => all.every(({ client }) => client.state().view?.tasks.has("made")));
    expect(first?.state().status.waiting).toBe(1);
    server.network.isFrozen = false;
    await until("it in the log", () => all.every(({ client }) => client.state().pending.length === 0));
    await server.store.run("bob", undefined, create("his"));
    await until("his in all tabs", () => all.every(({ client }) => client.state().view?.tasks.has("his")));
    expect(second?.state().people.users).toEqual(["alice"]);
    expect(all.map(({ requests }) => requests.length > 0)).toEqual([true, false, false]);
  });

  test("show the same board offline, whichever tab has done what", async () => {
    const { server, all } = await severalTabs(2);
    const [first, second] = all.map(({ client }) => client);
    const titles = () => all.map(({ client }) => client.state().view?.tasks.get("made")?.title);
    server.network.isDown = true;
    server.cut();
    first?.run(create("made"));
    await until("it in both", () => titles().join() === "made,made");
    second?.run({ type: "update_task", taskId: "made", change: { title: "Renamed" } });
    await until("its new title in both", () => titles().join() === "Renamed,Renamed");
    first?.run({ type: "update_task", taskId: "made", change: { title: "Renamed again" } });
    await until("the last one in both", () => titles().join() === "Renamed again,Renamed again");
    server.network.isDown = false;
    await until("all sent", () => all.every(({ client }) => client.state().pending.length === 0));
    expect(titles()).toEqual(["Renamed again", "Renamed again"]);
  });

  test("all say that the server takes no changes, and that it does again", async () => {
    const { server, all } = await severalTabs(2);
    const heldUp = () => all.map(({ client }) => client.state().status.isHeldUp === true);
    server.network.refuses = () => 503;
    all[1]?.client.run(create("made"));
    await until("it is said in both", () => heldUp().every(Boolean));
    server.network.refuses = () => undefined;
    await until("it in the log", () => all.every(({ client }) => client.state().pending.length === 0));
    await until("it is said in neither", () => !heldUp().some(Boolean));
  });

  test("undo belongs to the tab in which it was done", async () => {
    const { all } = await severalTabs(2);
    const [first, second] = all.map(({ client }) => client);
    second?.run(create("made"));
    await until("undo", () => second?.state().canUndo);
    expect(first?.state().canUndo).toBe(false);
    second?.undo();
    await until("it gone", () => !first?.state().view?.tasks.has("made"));
    await until("redo", () => second?.state().canRedo);
    second?.redo();
    await until("it back", () => first?.state().view?.tasks.has("made"));
  });

  test("a notice is in all tabs, and dismissed in all", async () => {
    const { all, server } = await severalTabs(2);
    const [first, second] = all.map(({ client }) => client);
    await server.store.run("bob", undefined, { type: "delete_task", taskId: "task-1" });
    second?.run({ type: "update_task", taskId: "task-1", change: { title: "Mine" } });
    await until("the notice", () => all.every(({ client }) => client.state().notices.length === 1));
    second?.dismiss(second.state().notices[0]?.id ?? "");
    await until("none", () => first?.state().notices.length === 0);
  });

  test("what is chosen in one holds for all, also after the leader has gone", async () => {
    const { all, server } = await severalTabs(2);
    const [first, second] = all;
    second?.client.force("stream");
    const isStream = () => {
      const { status } = second?.client.state() ?? {};
      return status?.state === "live" && status.transport === "stream" && status.forced;
    };
    await until("the stream", isStream);
    await first?.client.close();
    await until("a stream of the other tab", () => server.connections.streams === 1 && isStream());
    expect(server.connections.sockets).toBe(0);
  });

  test("the leader is closed: another takes over at once, and nothing is lost", async () => {
    const { all, server } = await severalTabs(3);
    const [first, second, third] = all;
    server.network.isFrozen = true;
    second?.client.run(create("in-flight"));
    await until("the leader knows", () => first?.client.state().status.waiting === 1);
    first?.tab.crash();
    server.network.isFrozen = false;
    server.cut();
    await until("it in the log", () => third?.client.state().pending.length === 0);
    await until("both live", () =>
      [second, third].every((each) => each?.client.state().status.state === "live"),
    );
    expect(third?.client.state().view?.tasks.has("in-flight")).toBe(true);
  });

  test("a leader that is frozen is replaced, and takes its place among the others when it wakes up", async () => {
    const { all, server } = await severalTabs(2);
    const [first, second] = all;
    first?.tab.freeze();
    await until("doubt", () => second?.client.state().status.state === "catching-up");
    await until("the second leads", () => second?.client.state().status.state === "live");
    second?.client.run(create("meanwhile"));
    await until("it in the log", () => second?.client.state().pending.length === 0);
    first?.tab.thaw();
    await until("the first has it", () => first?.client.state().view?.tasks.has("meanwhile"));
    await until("one connection", () => server.connections.sockets === 1);
    await until("both live", () => all.every(({ client }) => client.state().status.state === "live"));
  });

  test("a hidden tab does not take the leadership from one that is slow to answer", async () => {
    const { all, server } = await severalTabs(1);
    const hidden: Hints = { isOnline: () => true, isHidden: () => true, watch: () => () => {} };
    const tab = createMemoryTabs()();
    const stolen: boolean[] = [];
    const watched = {
      ...tab,
      campaign: () => ({ steal: () => void stolen.push(true), leave: () => {} }),
    };
    const client = modelClient(server, "alice", { tabs: watched, hints: hidden });
    await new Promise((resolve) => setTimeout(resolve, 400)); // to see that nothing happens
    expect(stolen).toEqual([]);
    expect(client.state().status.state).not.toBe("live");
    await until("the leader is live", () => all[0]?.client.state().status.state === "live");
  });

  test("leaders die at any moment: every change is made exactly once, and all tabs agree", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
        const random = createRandom(seed);
        const { server, open, all } = await severalTabs(3);
        server.network.delayMs = () => random() * 4;
        server.network.losesAnswer = () => random() < 0.1;
        const given: string[] = [];
        let living = all;
        for (let at = 0; at < 25; at += 1) {
          const any = living[Math.floor(random() * living.length)];
          const id = `task-of-${at}`;
          any?.client.run(create(id));
          given.push(id);
          await new Promise((resolve) => setTimeout(resolve, random() * 10));
          if (random() < 0.2) {
            // In the order in which they were opened the first one leads.
            const [dying, ...others] = living;
            if (random() < 0.5) dying?.tab.crash();
            await dying?.client.close();
            living = [...others, open()];
          }
        }
        server.network.losesAnswer = () => false;
        const hasAll = () =>
          living.every(({ client }) => {
            const { view, pending, status } = client.state();
            return (
              status.state === "live" && pending.length === 0 && given.every((id) => view?.tasks.has(id))
            );
          });
        await until("everything in all tabs", hasAll, 10_000);
        const events = await server.store.eventsBefore("board-1", undefined, 100);
        const created = events
          .filter(({ type }) => type === "task_created")
          .map(({ data }) => (data as { task: { id: string } }).task.id)
          .filter((id) => given.includes(id));
        expect(created.sort()).toEqual([...given].sort());
        for (const { client } of living) await client.close();
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});
