import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import {
  connectTo,
  endingOf,
  openWires,
  requestOf,
  responseOf,
  say,
  type Wire,
} from "../testing/wire-peers.ts";

/** Long enough to see that nothing comes. */
const A_WHILE_MS = 80;

type Way = "up" | "down";

/** Says a word that does not arrive. */
async function expectFrozen({ client, server }: Wire, ...ways: Way[]): Promise<void> {
  const before = [client.text(), server.text()];
  for (const way of ways) (way === "up" ? client : server).socket.write("anybody there? ");
  await setTimeout(A_WHILE_MS);
  expect([client.text(), server.text()]).toEqual(before);
}

/** Says a word that does. */
async function expectOpen({ client, server }: Wire, ...ways: Way[]): Promise<void> {
  for (const way of ways)
    await (way === "up" ? say(client, server, "hello ") : say(server, client, "hello "));
}

describe("who is meant", () => {
  test("a fault for one person leaves the others alone, and the others' new connections", async () => {
    const { wire, put } = await openWires();
    const [bob, alice] = [await wire("bob"), await wire("alice")];
    const lift = put({ kind: "freeze" }, { target: "bob" });
    const again = await wire("alice");
    await expectFrozen(bob, "up", "down");
    await expectOpen(alice, "up", "down");
    await expectOpen(again, "up", "down");
    lift();
    await until("what was said", () => bob.server.text().endsWith("anybody there? "));
  });

  test("a person is known by the first request, which the fault already meets", async () => {
    const { tap, wire, put, accepted } = await openWires();
    const lift = put({ kind: "freeze" }, { target: "bob" });
    const alice = await wire("alice");
    const bob = connectTo(tap.port);
    bob.socket.write(requestOf("bob"));
    const server = await until("the connection", () => accepted[1]);
    await expectFrozen({ client: bob, server }, "down");
    expect(server.text()).toBe("");
    await expectOpen(alice, "up", "down");
    lift();
    await until("the request", () => server.text() === requestOf("bob"));
  });

  test("a cut for one person, or for one connection, leaves the others open", async () => {
    const { wire, put, tap } = await openWires();
    const [bob, alice, first] = [await wire("bob"), await wire("alice"), await wire()];
    put({ kind: "cut" }, { target: "bob" });
    expect(await endingOf(bob.client)).toBe("ECONNRESET");
    expect(await endingOf(bob.server)).toBe("ECONNRESET");
    put({ kind: "cut" }, { target: 3 });
    expect(await endingOf(first.client)).toBe("ECONNRESET");
    await say(alice.client, alice.server, "still here");
    expect(tap.connections.map(({ id, person }) => [id, person])).toEqual([[2, "alice"]]);
  });

  test("one connection by its number", async () => {
    const { wire, put } = await openWires();
    const [first, second] = [await wire("bob"), await wire("bob")];
    put({ kind: "freeze" }, { target: 2 });
    await expectFrozen(second, "up", "down");
    await expectOpen(first, "up", "down");
  });

  for (const way of ["up", "down"] as const) {
    test(`one way only: ${way}`, async () => {
      const { wire, put } = await openWires();
      const opened = await wire();
      put({ kind: "freeze" }, { way });
      await expectFrozen(opened, way);
      await expectOpen(opened, way === "up" ? "down" : "up");
    });
  }
});

describe("how long", () => {
  test("a lasting fault also holds for connections that are opened later; one that happens once does not", async () => {
    const { wire, put, tap } = await openWires();
    await wire();
    put({ kind: "cut" });
    put({ kind: "close" });
    const lift = put({ kind: "freeze" });
    const later = await wire();
    await expectFrozen(later, "up", "down");
    expect(later.client.ended).toBeUndefined();
    lift();
    expect(tap.rules).toEqual([]);
  });

  test("of two rules that say the same, lifting one leaves the other", async () => {
    const { wire, put, tap } = await openWires();
    const opened = await wire();
    const lifts = [put({ kind: "freeze" }), put({ kind: "freeze" })];
    lifts[0]?.();
    lifts[0]?.();
    expect(tap.rules).toHaveLength(1);
    await expectFrozen(opened, "up");
    lifts[1]?.();
    expect(tap.rules).toEqual([]);
    await until("what was said", () => opened.server.text() === "anybody there? ");
  });

  test("what is said after a latency was lifted does not overtake what is still on its way", async () => {
    const { wire, put, tap } = await openWires();
    const { client, server } = await wire();
    const lift = put({ kind: "latency", ms: 100 });
    client.socket.write("late ");
    await until("the tap to have it", () => tap.connections[0]?.bytesUp === 5);
    lift();
    client.socket.write("later");
    await until("all of it", () => server.text() === "late later");
  });

  test("faults add up: a frozen line with latency is frozen, and late when it is not", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    put({ kind: "latency", ms: 60 });
    const thaw = put({ kind: "freeze" });
    await expectFrozen({ client, server }, "up");
    thaw();
    await until("what was said", () => server.text() === "anybody there? ");
    const start = performance.now();
    await say(client, server, "late");
    expect(performance.now() - start).toBeGreaterThan(59);
  });
});

describe("what the viewer hears", () => {
  test("a message that was held and went on says for how long", async () => {
    const { wire, put, history, fates } = await openWires();
    const { client, server } = await wire();
    await say(client, server, requestOf("bob", "/quick"));
    put({ kind: "latency", ms: 50 });
    await say(client, server, requestOf("bob", "/slow"));
    expect(fates("GET /quick")).toBe("held passed");
    expect(fates("GET /slow")).toBe("held passed");
    const last = (part: string) => history.findLast(({ summary }) => summary.includes(part));
    expect(last("GET /quick")?.heldMs).toBeUndefined();
    expect(last("GET /slow")?.heldMs).toBeGreaterThan(49);
    expect(last("GET /slow")?.heldMs).toBeLessThan(1_000);
    expect(last("latency 50 ms: everyone")).toMatchObject({ kind: "fault", connection: 0 });
  });

  test("a message that is on its way when the connection is cut is lost, one that went on is not", async () => {
    const { wire, put, fates } = await openWires();
    const { client, server } = await wire("bob");
    await say(server, client, responseOf("gone before"));
    put({ kind: "freeze" });
    client.socket.write(requestOf("bob", "/lost"));
    await until("the tap to have it", () => fates("GET /lost") === "held");
    put({ kind: "cut" });
    expect(fates("GET /lost")).toBe("held lost");
    expect(fates("200 OK ← GET /")).toBe("held passed");
  });

  test("who a connection belongs to, why it ended, and what went over it", async () => {
    const { wire, put, connections } = await openWires();
    const { client, server } = await wire("bob");
    await say(server, client, "12345");
    put({ kind: "cut" });
    const own = connections.filter(({ id }) => id === 1);
    expect(own[0]).toMatchObject({ person: "other", closedAt: undefined });
    expect(own.at(-1)).toMatchObject({
      person: "bob",
      end: "cut",
      closedAt: expect.any(Number),
      bytesUp: requestOf("bob").length,
      bytesDown: 5,
    });
  });
});
