import { describe, expect, onTestFinished, test, vi } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import type { BoardClient, Status } from "./board-client.ts";
import type { Hints } from "./hints.ts";
import { createMemoryOutbox } from "./memory-outbox.ts";
import { createMemoryTabs } from "./memory-tabs.ts";
import { startModelServer } from "./testing/model-server.ts";
import { modelClient } from "./testing/open-client.ts";

const status = (client: BoardClient) => client.state().status;
const live = (client: BoardClient, transport?: string) =>
  until(`live by ${transport}`, () => {
    const { state, transport: now } = status(client);
    return state === "live" && (transport === undefined || now === transport);
  });
const create = (id: string) =>
  ({ type: "create_task", task: { id, listId: "list-todo", title: id } }) as const;

/** Each status that was told, without repetitions. */
function statesOf(client: BoardClient): Status["state"][] {
  const states: Status["state"][] = [status(client).state];
  client.subscribe(() => {
    const { state } = status(client);
    if (states.at(-1) !== state) states.push(state);
  });
  return states;
}

function fakeHints() {
  let tell: (hint: "online" | "offline" | "visible" | "hidden") => void = () => {};
  const now = { isOnline: true, isHidden: false };
  const hints: Hints = {
    isOnline: () => now.isOnline,
    isHidden: () => now.isHidden,
    watch(onHint) {
      tell = onHint;
      return () => {};
    },
  };
  return { hints, now, tell: (hint: Parameters<typeof tell>[0]) => tell(hint) };
}

describe("which transport", () => {
  test("the socket, when it gets through; else the stream, the long poll, the poll", async () => {
    const server = await startModelServer();
    const { network } = server;
    await live(modelClient(server), "socket");
    network.hasSockets = false;
    await live(modelClient(server), "stream");
    network.hasStreams = false;
    await live(modelClient(server), "long-poll");
    network.hasLongPolls = false;
    const last = modelClient(server);
    last.force("poll");
    await live(last, "poll");
    last.run(create("by-poll"));
    await until("the answer", () => last.state().pending.length === 0);
  });

  test("a better one is found again, first it is live and then the other ends; no event is lost or shown twice", async () => {
    const server = await startModelServer();
    server.network.hasSockets = false;
    const client = modelClient(server);
    await live(client, "stream");
    const states = statesOf(client);
    const seqs: (number | undefined)[] = [];
    client.subscribe(() => seqs.push(client.state().view?.seq));
    server.network.hasSockets = true;
    const made: Promise<unknown>[] = [];
    const timer = setInterval(() => {
      made.push(server.store.run("bob", undefined, create(`upgrade-${made.length}`)));
    }, 2);
    await live(client, "socket");
    clearInterval(timer);
    await Promise.all(made);
    await until(
      "all events",
      async () => client.state().view?.seq === (await server.store.head("board-1"))?.seq,
    );
    expect(states).toEqual(["live"]);
    expect(seqs).toEqual([...seqs].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(
      [...(client.state().view?.tasks.keys() ?? [])].filter((id) => id.startsWith("upgrade-")),
    ).toHaveLength(made.length);
    await until("one connection", () => server.connections.streams === 0 && server.connections.sockets === 1);
  });

  test("a forced one is the only one that is tried", async () => {
    const server = await startModelServer();
    server.network.hasSockets = false;
    const client = modelClient(server);
    client.force("socket");
    await until("offline", () => status(client).state === "offline");
    expect(server.requests.filter((each) => /events|poll/.test(each))).toEqual([]);
    client.force("auto");
    await live(client, "stream");
  });

  test("a socket that breaks again and again is not the first choice any more", async () => {
    const server = await startModelServer();
    const client = modelClient(server, "alice", {
      backoff: { minMs: 1, maxMs: 5, stableMs: 60_000 },
      upgradeBackoff: { minMs: 60_000, random: () => 0.9 },
    });
    for (let time = 0; time < 3; time += 1) {
      await live(client, "socket");
      server.cut();
      await until("noticed", () => status(client).state !== "live");
    }
    await live(client, "stream");
  });
});

describe("the status tells the truth", () => {
  test("a connection that died without a word is not live for long, and the board is caught up afterwards", async () => {
    const server = await startModelServer(40);
    const client = modelClient(server);
    await live(client);
    const states = statesOf(client);
    server.network.isFrozen = true;
    await server.store.run("bob", undefined, create("unheard"));
    await until("offline", () => status(client).state === "offline");
    expect(status(client).reason).toBe("The server cannot be reached.");
    expect(client.state().people.users).toEqual([]);
    server.network.isFrozen = false;
    await live(client);
    expect(client.state().view?.tasks.has("unheard")).toBe(true);
    expect(states.slice(0, 3)).toEqual(["live", "catching-up", "offline"]);
    expect(states.filter((state) => state === "live")).toHaveLength(2);
  });

  test("it is not live before everything missed is there", async () => {
    const server = await startModelServer();
    const outbox = createMemoryOutbox();
    const before = modelClient(server, "alice", { outbox });
    await live(before);
    await before.close();
    for (let at = 0; at < 50; at += 1) await server.store.run("bob", undefined, create(`missed-${at}`));
    const client = modelClient(server, "alice", { outbox });
    const seen: number[] = [];
    client.subscribe(() => {
      if (status(client).state === "live")
        seen.push(
          [...(client.state().view?.tasks.keys() ?? [])].filter((id) => id.startsWith("missed")).length,
        );
    });
    await live(client);
    expect(seen[0]).toBe(50);
    // From the stored board on: nothing was fetched again.
    expect(server.requests.filter((each) => each === "alice GET /boards/board-1")).toHaveLength(1);
  });

  test("after a sleep the board is not called live before the server has answered", async () => {
    const server = await startModelServer(20_000);
    const { hints, tell } = fakeHints();
    const client = modelClient(server, "alice", { hints, sleepMs: 1_000 });
    await live(client);
    server.network.isFrozen = true;
    const wokenAt = Date.now() + 3_600_000;
    const clock = vi.spyOn(Date, "now").mockImplementation(() => wokenAt);
    onTestFinished(() => clock.mockRestore());
    tell("visible");
    await Promise.resolve();
    expect(status(client).state).not.toBe("live");
    server.network.isFrozen = false;
    await live(client);
  });

  test("a device that says it is offline is, until the server proves the contrary", async () => {
    const server = await startModelServer(2_000);
    const { hints, now, tell } = fakeHints();
    const client = modelClient(server, "alice", { hints });
    await live(client, "socket");
    server.network.isFrozen = true;
    now.isOnline = false;
    tell("offline");
    await Promise.resolve();
    expect(status(client)).toMatchObject({ state: "offline", reason: "This device is offline." });
    server.network.isFrozen = false;
    now.isOnline = true;
    tell("online");
    await live(client);
    now.isOnline = false;
    tell("offline");
    await live(client); // the server is on this device, for instance
  });

  test("with a long wait before the next attempt, a hint makes it try at once", async () => {
    const server = await startModelServer();
    const { hints, tell } = fakeHints();
    const backoff = { minMs: 60_000, maxMs: 60_000, random: () => 1 };
    server.network.isDown = true;
    const client = modelClient(server, "alice", { hints, backoff });
    await until("offline", () => status(client).state === "offline");
    server.network.isDown = false;
    tell("online");
    await live(client);
  });

  test("the user knows when the next attempt is, and need not wait for it, in whichever tab", async () => {
    // Nobody is taken for dead here because the machine is busy: the next attempt would be in a minute.
    const server = await startModelServer(2_000);
    const backoff = { minMs: 60_000, maxMs: 60_000, random: () => 1 };
    const newTab = createMemoryTabs();
    const leader = modelClient(server, "alice", { backoff, tabs: newTab() });
    const follower = modelClient(server, "alice", { backoff, tabs: newTab() });
    await Promise.all([live(leader), live(follower)]);
    expect(status(leader).nextTryAt).toBeUndefined();
    const said: Status[] = [];
    leader.subscribe(() => said.push(status(leader)));
    server.network.isDown = true;
    server.cut();
    await until("both offline", () => [leader, follower].every((each) => status(each).state === "offline"));
    // Nothing is caught up with where there is no connection.
    expect(said.filter((each) => each.state === "catching-up" && !each.isConnecting)).toEqual([]);
    expect(said.some(({ isConnecting }) => isConnecting)).toBe(true);
    await until("the wait", () => (status(follower).nextTryAt ?? 0) > Date.now() + 30_000);
    server.network.isDown = false;
    follower.tryNow();
    await Promise.all([live(leader), live(follower)]);
  });

  test.each(["socket", "stream", "long-poll", "poll"] as const)(
    "over %s: a lost event is noticed and fetched",
    async (transport) => {
      const server = await startModelServer(40);
      const client = modelClient(server);
      client.force(transport);
      await live(client, transport);
      server.network.drops = () => true;
      await server.store.run("bob", undefined, create("dropped"));
      server.network.drops = () => false;
      // A stream cannot notice that its last event is missing: TCP does not lose one. The next one shows it.
      if (transport === "stream") await server.store.run("bob", undefined, create("next"));
      await until("the lost one", () => client.state().view?.tasks.has("dropped"));
    },
  );
});

describe("the end", () => {
  test.each(["socket", "stream", "poll"] as const)(
    "over %s: who is signed out keeps what they have written",
    async (transport) => {
      const server = await startModelServer();
      let user = "alice";
      const onSignedOut = vi.fn();
      const outbox = createMemoryOutbox();
      const client = modelClient(server, "alice", { fetch: server.fetchAs(() => user), onSignedOut, outbox });
      client.force(transport);
      await live(client, transport);
      user = "";
      server.closeSockets(4401);
      server.cut();
      await until("signed out", () => status(client).state === "signed-out");
      expect(status(client).reason).toMatch(/sign in/);
      client.run(create("later"));
      expect(status(client).waiting).toBe(1);
      expect(onSignedOut).toHaveBeenCalledTimes(1);
      await client.close();
      const again = modelClient(server, "alice", { outbox });
      await until("sent", () => again.state().pending.length === 0 && again.state().view?.tasks.has("later"));
    },
  );

  test("nothing is sent in the name of somebody else who has signed in meanwhile", async () => {
    const server = await startModelServer();
    const outbox = createMemoryOutbox();
    server.network.isDown = true;
    const before = modelClient(server, "alice", { outbox });
    before.run(create("of-alice"));
    await before.close();
    server.network.isDown = false;
    const client = modelClient(server, "alice", { outbox, fetch: server.fetchAs("bob") });
    await until("signed out", () => status(client).state === "signed-out");
    expect(status(client).reason).toBe("This browser is signed in as bob now.");
    expect(server.runs.size).toBe(0);
  });

  test("who is removed is told, and their waiting changes come back as texts", async () => {
    const server = await startModelServer();
    const outbox = createMemoryOutbox();
    const bob = modelClient(server, "bob", { outbox });
    await live(bob);
    server.network.isDown = true;
    server.cut();
    bob.run({ type: "add_comment", taskId: "task-1", comment: { text: "Too late" } });
    await server.store.run("alice", undefined, { type: "remove_member", boardId: "board-1", userId: "bob" });
    server.network.isDown = false;
    await until("removed", () => status(bob).state === "removed");
    expect(bob.state().notices).toMatchObject([{ kind: "rejected", text: "Too late" }]);
    expect(status(bob).waiting).toBe(0);
    await bob.close();
    expect(await outbox.snapshot("board-1")).toBeUndefined();
  });

  test("a board that is deleted is gone", async () => {
    const server = await startModelServer();
    const client = modelClient(server);
    await live(client, "socket");
    server.closeSockets(4404);
    await until("gone", () => status(client).state === "gone");
  });

  test("a log that cannot be continued is fetched anew, and what waits stays", async () => {
    const server = await startModelServer();
    const outbox = createMemoryOutbox();
    const first = modelClient(server, "alice", { outbox });
    await live(first);
    await first.close();
    const stored = await outbox.snapshot("board-1");
    if (!stored) throw new Error("no snapshot");
    await outbox.saveSnapshot({
      ...stored,
      board: { ...stored.board, epoch: "other", name: "Of another log" },
    });
    const client = modelClient(server, "alice", { outbox });
    client.run(create("kept"));
    await until("the stored one", () => client.state().view?.board.name === "Of another log");
    await live(client);
    await until("sent", () => client.state().pending.length === 0);
    expect(client.state().view?.board.name).not.toBe("Of another log");
    expect(client.state().view?.tasks.has("kept")).toBe(true);
  });
});
