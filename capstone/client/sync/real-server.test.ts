// The client and the whole server, over sockets of this machine, and through a tap that breaks them.
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { until } from "../../../shared/testing/until.ts";
import { openTap } from "../../../shared/wire/tap.ts";
import { type StartOptions, startCapstone } from "../../tests/start-capstone.ts";
import { type BoardClient, TRANSPORTS } from "./board-client.ts";
import { nodeClient } from "./testing/node-client.ts";

const LIVE = { heartbeatMs: 200, streamHeartbeatMs: 200, waitMs: 300 };
const create = (id: string) =>
  ({ type: "create_task", task: { id, listId: "list-todo", title: id } }) as const;

async function aliceAndBob(options: StartOptions = {}) {
  const server = await startCapstone({ live: LIVE, ...options });
  const tap = await openTap({ target: server.port });
  onTestFinished(() => tap.close());
  const cookies = { alice: await server.signIn("alice"), bob: await server.signIn("bob") };
  const baseUrl = `http://127.0.0.1:${tap.port}`;
  const alice = nodeClient({ baseUrl, cookie: cookies.alice });
  // Bob comes another way, which nothing breaks.
  const bob = nodeClient({ baseUrl: server.url, cookie: cookies.bob, userId: "bob" });
  return { server, tap, alice, bob, cookies };
}

const isLive = (client: BoardClient, transport?: string) => {
  const { status } = client.state();
  return status.state === "live" && (transport === undefined || status.transport === transport);
};
const has = (client: BoardClient, id: string) => client.state().view?.tasks.has(id);
const agree = (...clients: BoardClient[]) =>
  clients.every(
    (client) =>
      client.state().pending.length === 0 && client.state().view?.seq === clients[0]?.state().view?.seq,
  );

describe.each(TRANSPORTS)("over %s", (transport) => {
  test("changes go both ways, and who is there is known", async () => {
    const { alice, bob } = await aliceAndBob();
    alice.force(transport);
    bob.force(transport);
    await until("live", () => isLive(alice, transport) && isLive(bob, transport));
    alice.run(create("hers"));
    bob.run(create("his"));
    await until("both", () => [alice, bob].every((client) => has(client, "hers") && has(client, "his")));
    await until("agreement", () => agree(alice, bob));
    await until("presence", () => {
      const { users } = alice.state().people;
      return users.includes("alice") && users.includes("bob");
    });
    bob.typing("task-1");
    await until("typing", () =>
      alice.state().people.typing.some(({ taskId, userId }) => userId === "bob" && taskId === "task-1"),
    );
    bob.stopTyping();
    await until("no typing", () => alice.state().people.typing.length === 0);
  });

  test("through a cut and a freeze nothing is lost, nothing is done twice, and the status is true", async () => {
    const { alice, bob, tap, server } = await aliceAndBob();
    alice.force(transport);
    await until("live", () => isLive(alice, transport) && isLive(bob));
    tap.apply({ target: "everyone", fault: { kind: "cut" } });
    alice.run(create("after-cut"));
    await until("on Bob's board", () => has(bob, "after-cut"));
    await until("live again", () => isLive(alice, transport));

    const lift = tap.apply({ target: "everyone", fault: { kind: "freeze" } });
    bob.run(create("during-freeze"));
    alice.run(create("frozen"));
    await until("noticed", () => !isLive(alice), 10_000);
    lift();
    await until("everything", () => has(alice, "during-freeze") && has(bob, "frozen"), 10_000);
    await until("agreement", () => agree(alice, bob));
    const events = await server.store.eventsBefore("board-1", undefined, 3);
    const created = events.map(({ data }) => (data as { task?: { id: string } }).task?.id);
    expect(created.sort()).toEqual(["after-cut", "during-freeze", "frozen"]);
  });
});

describe("by itself", () => {
  test("a server that is started again: what was given meanwhile is done once, and both come back", async () => {
    const databaseFile = join(temporaryFolder(), "board.db");
    const { server, alice, bob, tap, cookies } = await aliceAndBob({ databaseFile });
    await until("live", () => isLive(alice, "socket") && isLive(bob, "socket"));
    alice.run(create("before"));
    await until("it", () => has(bob, "before"));
    await server.close();
    alice.run(create("meanwhile"));
    alice.run({ type: "update_task", taskId: "meanwhile", change: { title: "Renamed" } });
    bob.run(create("by-bob"));
    await until("offline", () => alice.state().status.state === "offline");
    expect(alice.state().status.waiting).toBe(2);
    const again = await startCapstone({
      live: LIVE,
      databaseFile,
      isSeeded: false,
      listen: { port: server.port },
    });
    tap.setTarget(again.port);
    await until("back", () => isLive(alice, "socket") && isLive(bob, "socket"), 10_000);
    await until("everything", () => has(bob, "meanwhile") && has(alice, "by-bob") && agree(alice, bob));
    expect(bob.state().view?.tasks.get("meanwhile")?.title).toBe("Renamed");
    expect(cookies.alice).not.toBe("");
  });

  test.each(["socket", "poll"] as const)(
    "a hundred changes that have waited stay within the limits, over %s",
    async (transport) => {
      const server = await startCapstone({ live: LIVE, limits: {} });
      const cookie = await server.signIn("alice");
      let isOnline = false;
      const alice = nodeClient({
        baseUrl: server.url,
        cookie,
        isReachable: () => isOnline,
      });
      alice.force(transport);
      for (let at = 0; at < 110; at += 1) alice.run(create(`waited-${at}`));
      await until("offline", () => alice.state().status.state === "offline");
      isOnline = true;
      await until("live", () => isLive(alice, transport));
      const states = new Set<string>();
      alice.subscribe(() => states.add(alice.state().status.state));
      await until("all of them", () => alice.state().pending.length === 0, 15_000);
      expect([...states]).toEqual(["live"]);
      expect(alice.state().notices).toEqual([]);
    },
  );

  test.each(["socket", "poll"] as const)(
    "what the server has no time for yet waits, and is done once it has, over %s",
    async (transport) => {
      const { server, alice, bob } = await aliceAndBob();
      alice.force(transport);
      await until("live", () => isLive(alice, transport) && isLive(bob));
      server.app.auth.charge("alice", 52_000_000);
      expect(server.app.auth.debtMs("alice")).toBeGreaterThan(0);
      const wasInDebt: boolean[] = [];
      server.store.onCommit(() => wasInDebt.push(server.app.auth.debtMs("alice") > 0));
      alice.run(create("later"));
      await until("it", () => has(bob, "later"), 15_000);
      await until("the answer", () => alice.state().pending.length === 0);
      expect(wasInDebt).toEqual([false]);
      expect(alice.state().notices).toEqual([]);
    },
  );

  test("who is removed while looking is told, and who signs out too", async () => {
    const { server, alice, bob, cookies } = await aliceAndBob();
    await until("live", () => isLive(alice) && isLive(bob));
    await server.store.run("alice", undefined, { type: "remove_member", boardId: "board-1", userId: "bob" });
    await until("removed", () => bob.state().status.state === "removed");
    expect(bob.state().status.reason).toMatch(/not a member/);
    await fetch(`${server.url}/session`, {
      method: "DELETE",
      headers: { cookie: cookies.alice, origin: server.url },
    });
    await until("signed out", () => alice.state().status.state === "signed-out");
  });

  test.each(["socket", "stream", "long-poll"] as const)(
    "a board that is deleted is gone, over %s",
    async (transport) => {
      const { server, alice, bob, cookies } = await aliceAndBob();
      bob.force(transport);
      await until("live", () => isLive(alice) && isLive(bob, transport));
      const deleted = await fetch(`${server.url}/boards/board-1`, {
        method: "DELETE",
        headers: { cookie: cookies.alice, origin: server.url },
      });
      expect(deleted.status).toBe(204);
      await until("gone", () => ["gone", "removed"].includes(bob.state().status.state));
    },
  );
});
