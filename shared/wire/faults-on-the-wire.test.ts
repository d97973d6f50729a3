import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import {
  connectTo,
  endingBehindBytes,
  endingOf,
  openWires,
  type Peer,
  requestOf,
  responseOf,
  say,
  type Wire,
} from "../testing/wire-peers.ts";

/** Long enough to see that nothing comes. */
const A_WHILE_MS = 80;

async function millisecondsOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

/** Fails when something comes, or the other side ends. */
async function expectSilence(...peers: Peer[]): Promise<void> {
  const before = peers.map(({ pieces, ended }) => [pieces.length, ended]);
  await setTimeout(A_WHILE_MS);
  expect(peers.map(({ pieces, ended }) => [pieces.length, ended])).toEqual(before);
}

describe("latency", () => {
  test("makes everything later, on both ways, until it is lifted", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    const lift = put({ kind: "latency", ms: 150 });
    expect(await millisecondsOf(say(client, server, "ping"))).toBeGreaterThan(149);
    expect(await millisecondsOf(say(server, client, "pong"))).toBeGreaterThan(149);
    lift();
    expect(await millisecondsOf(say(client, server, "ping"))).toBeLessThan(140);
  });

  test("does not slow a stream down: what comes together goes on together", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    put({ kind: "latency", ms: 200 });
    const said = Array.from({ length: 20 }, (_, index) => `${index} `);
    const all = async () => {
      for (const text of said) {
        client.socket.write(text);
        await setTimeout(5);
      }
      await until("all of it", () => server.text() === said.join(""));
    };
    expect(await millisecondsOf(all())).toBeLessThan(2_000);
  });

  test("jitter changes no order, and the news of an end does not overtake", async () => {
    const { tap, wire, put } = await openWires();
    const { client, server } = await wire();
    put({ kind: "latency", ms: 5, jitterMs: 40 });
    const said = Array.from({ length: 60 }, (_, index) => `${index} `);
    for (const text of said) {
      client.socket.write(text);
      await setTimeout(1);
    }
    client.socket.end();
    expect(await endingOf(server)).toBe("FIN");
    expect(server.text()).toBe(said.join(""));
    server.socket.write("late news");
    await until("the tap to have it", () => tap.connections[0]?.bytesDown === 9);
    server.socket.resetAndDestroy();
    expect(await endingBehindBytes(client)).toBe("ECONNRESET");
    expect(client.text()).toBe("late news");
  });

  test("the same seed gives the same delays, another one others", async () => {
    // Two seeds whose delays are far enough apart for a busy machine.
    const orders = [await arrivals(83), await arrivals(83), await arrivals(268)];
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).not.toEqual(orders[0]);
  });

  /** The numbers of connections in the order in which their only words arrive. */
  async function arrivals(seed: number): Promise<number[]> {
    const { tap, wire, put } = await openWires();
    tap.setSeed(seed);
    put({ kind: "latency", ms: 0, jitterMs: 300 });
    const order: number[] = [];
    const wires: Wire[] = [];
    for (const number of [1, 2, 3, 4, 5]) {
      const opened = await wire();
      opened.server.socket.once("data", () => order.push(number));
      wires.push(opened);
    }
    for (const { client } of wires) client.socket.write("hello");
    await until("all to arrive", () => order.length === wires.length);
    return order;
  }
});

describe("bandwidth and slow readers", () => {
  test("so many bytes a second, and all of them arrive", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    put({ kind: "bandwidth", bytesPerSecond: 200_000 });
    const bytes = Buffer.alloc(100_000, "all work and no play ");
    client.socket.end(bytes);
    // The first write goes at once, and timers are late rather than early: about half a second.
    const took = await millisecondsOf(endingOf(server));
    expect(took).toBeGreaterThan(400);
    expect(took).toBeLessThan(1_500);
    expect(server.bytes().equals(bytes)).toBe(true);
  });

  test("behind a slow reader the sender's writes wait, and what is not read does not gather in the tap", async () => {
    const { wire, put, tap } = await openWires();
    const { client, server } = await wire();
    const lift = put({ kind: "slow-reader", bytesPerSecond: 10_000 });
    const block = Buffer.alloc(1_000_000, "x");
    let sent = 0;
    while (sent < 100) {
      sent += 1;
      if (!server.socket.write(block)) await Promise.race([once(server.socket, "drain"), setTimeout(300)]);
      if (server.socket.writableNeedDrain) break;
    }
    expect(server.socket.writableNeedDrain).toBe(true);
    expect(sent).toBeLessThan(20);
    // One read of the tap, and what it has sent on since.
    expect(tap.connections[0]?.bytesDown).toBeLessThan(200_000);
    lift();
    server.socket.end();
    await endingOf(client);
    expect(client.bytes().length).toBe(sent * block.length);
  });
});

describe("freeze", () => {
  test("nothing comes through and nobody is told; what was said meanwhile arrives later, in order", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    await say(client, server, "before ");
    const lift = put({ kind: "freeze" });
    for (const text of ["one ", "two ", "three "]) {
      client.socket.write(text);
      server.socket.write(text);
      await setTimeout(5);
    }
    await expectSilence(client, server);
    lift();
    client.socket.write("after");
    await until("all of it", () => server.text() === "before one two three after");
    expect(client.text()).toBe("one two three ");
  });

  test("an end that comes meanwhile is not seen until it is lifted, and not before what was said", async () => {
    const { tap, wire, put } = await openWires();
    const finished = await wire();
    const reset = await wire();
    const lift = put({ kind: "freeze" });
    finished.client.socket.end("last words");
    reset.server.socket.write("last words");
    await until("the tap to have it", () => tap.connections[1]?.bytesDown === 10);
    reset.server.socket.resetAndDestroy();
    await expectSilence(finished.server, reset.client);
    lift();
    expect(await endingOf(finished.server)).toBe("FIN");
    expect(finished.server.text()).toBe("last words");
    expect(await endingBehindBytes(reset.client)).toBe("ECONNRESET");
    expect(reset.client.text()).toBe("last words");
  });

  test("a new connection is frozen too; a sender that goes on has to wait, and loses nothing", async () => {
    const { tap, accepted, put } = await openWires();
    const lift = put({ kind: "freeze" });
    const client = connectTo(tap.port);
    const server = await until("the connection", () => accepted[0]);
    const bytes = Buffer.alloc(30_000_000, "so much to say ");
    client.socket.end(bytes);
    await expectSilence(server);
    expect(client.socket.writableLength).toBeGreaterThan(0);
    expect(tap.connections[0]?.bytesUp).toBeLessThan(400_000);
    lift();
    expect(await endingOf(server)).toBe("FIN");
    expect(server.bytes().equals(bytes)).toBe(true);
  });
});

describe("slice", () => {
  test("writes arrive in small pieces, and the bytes are the same", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    put({ kind: "slice", bytes: 7 });
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(50);
    await Promise.all([say(client, server, text), say(server, client, text)]);
    for (const { pieces } of [client, server]) {
      // The system may put some of them together again.
      expect(pieces.length).toBeGreaterThan(text.length / 7 / 2);
    }
  });
});

describe("cut, close, refuse and restart", () => {
  test("a cut is a reset on both sides, and what was on the way is lost", async () => {
    const { wire, put, fates } = await openWires();
    const { client, server } = await wire();
    put({ kind: "freeze" });
    client.socket.write(requestOf("bob", "/never"));
    await until("the tap to have it", () => fates("/never") === "held");
    put({ kind: "cut" });
    expect(await endingOf(client)).toBe("ECONNRESET");
    expect(await endingOf(server)).toBe("ECONNRESET");
    expect(server.text()).toBe("");
    expect(fates("/never")).toBe("held lost");
    expect(fates("connection closed: cut")).toBe("passed");
  });

  test("a close is a FIN on both sides, behind what was said", async () => {
    const { wire, put, tap } = await openWires();
    const { client, server } = await wire();
    await Promise.all([say(client, server, "ping"), say(server, client, "pong")]);
    put({ kind: "close" });
    expect(await endingOf(client)).toBe("FIN");
    expect(await endingOf(server)).toBe("FIN");
    expect(tap.connections).toEqual([]);
  });

  test("whoever is refused is reset, and the server hears nothing; open connections stay", async () => {
    const { tap, wire, put, accepted } = await openWires();
    const open = await wire();
    const lift = put({ kind: "refuse" });
    const client = connectTo(tap.port);
    client.socket.write(requestOf("alice"));
    expect(await endingOf(client)).toBe("ECONNRESET");
    await say(open.client, open.server, "still here");
    lift();
    await wire("alice");
    expect(accepted.map((peer) => peer.text())).toEqual(["still here", requestOf("alice")]);
  });

  test("a person who is refused has to say who it is, and no byte of that goes on", async () => {
    const { tap, wire, put, accepted, fates } = await openWires();
    put({ kind: "refuse" }, { target: "bob" });
    const bob = connectTo(tap.port);
    bob.socket.write(requestOf("bob", "/cake"));
    expect(await endingOf(bob)).toBe("ECONNRESET");
    expect(fates("/cake")).toBe("held lost");
    const alice = await wire("alice");
    expect(accepted.map((peer) => peer.text())).toEqual(["", requestOf("alice")]);
    expect(alice.client.ended).toBeUndefined();
  });

  test("a restart calls whoever can restart the server", async () => {
    let restarts = 0;
    const { put, wire } = await openWires({ restartServer: () => (restarts += 1) });
    const { client, server } = await wire();
    put({ kind: "restart" });
    expect(restarts).toBe(1);
    await say(client, server, "the tap leaves the connection alone");
  });
});

describe("close-after", () => {
  const reply = responseOf("Hello, Bob!");

  for (const isReset of [false, true]) {
    test(`exactly so many bytes arrive, then a ${isReset ? "reset" : "FIN"}, for every length`, async () => {
      const { wire, put } = await openWires();
      for (let count = 0; count < reply.length; count += 1) {
        const { client, server } = await wire();
        const lift = put({ kind: "close-after", bytes: count, reset: isReset }, { way: "down" });
        server.socket.write(reply);
        const ending = await endingBehindBytes(client);
        expect([ending, client.text()]).toEqual([isReset ? "ECONNRESET" : "FIN", reply.slice(0, count)]);
        lift();
      }
      const { client, server } = await wire();
      await say(server, client, reply);
    });
  }

  test("it counts over several writes, and on the way that is meant", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    put({ kind: "close-after", bytes: 10 }, { way: "up" });
    await say(server, client, "far more than ten bytes");
    await say(client, server, "12345");
    client.socket.write("6789012345");
    expect(await endingOf(server)).toBe("FIN");
    expect(server.text()).toBe("1234567890");
  });
});
