import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { until } from "../testing/until.ts";
import { openWires, requestOf, responseOf, say } from "../testing/wire-peers.ts";
import { createConversation } from "./conversation.ts";
import { createDropper } from "./dropper.ts";
import { createRandom } from "./random.ts";

/** A stretch of a stream, and whether the rest makes sense without it. */
type Stretch = readonly [bytes: string, canDrop: boolean];

const UPGRADE = "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const UPGRADED = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n";
const POST = "POST /tasks HTTP/1.1\r\nContent-Length: 13\r\n\r\nOrder a cake!";

function eventOf(id: number): string {
  const event = `id: ${id}\ndata: {"seq":${id}}\n\n`;
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}

/** A frame of a server, with less than 126 bytes. */
function frameOf(firstByte: number, payload: string): string {
  return String.fromCharCode(firstByte, payload.length) + payload;
}

/** What was said before, on both ways, and then the stream that is looked at. */
const STREAMS: Record<string, { way: "up" | "down"; up: string; down: string; stretches: Stretch[] }> = {
  requests: {
    way: "up",
    up: "",
    down: "",
    stretches: [requestOf("bob"), POST, requestOf("bob", "/again"), `\r\n${POST}`].map((each) => [
      each,
      true,
    ]),
  },
  answers: {
    way: "down",
    up: requestOf("bob").repeat(4),
    down: "",
    stretches: [responseOf("one"), CHUNKED, responseOf(""), responseOf("four")].map((each) => [each, true]),
  },
  "events of a stream": {
    way: "down",
    up: requestOf("bob"),
    down: "",
    stretches: [
      [STREAM, false],
      ...[1, 2, 3].map((id): Stretch => [eventOf(id), true]),
      ["0\r\n\r\n", false],
    ],
  },
  frames: {
    way: "down",
    up: UPGRADE,
    down: UPGRADED,
    stretches: [
      [frameOf(0x81, "one"), true],
      [frameOf(0x01, "first of "), false],
      [frameOf(0x89, "ping"), true],
      [frameOf(0x80, "two"), false],
      [frameOf(0x82, "\0\u0001\u0002"), true],
      [frameOf(0x81, ""), true],
    ],
  },
};

/** Sends a stream through a dropper that is armed after so many bytes, and returns what comes out. */
function filtered({ way, up, down }: { way: "up" | "down"; up: string; down: string }) {
  const ids = createRandom(1);
  const conversation = createConversation({
    connection: 1,
    nextId: ids,
    onMessage() {},
    onFirstRequest() {},
  });
  let isArmed = false;
  const dropper = createDropper({
    isArmed: () => isArmed,
    onDrop: (unit) => {
      isArmed = false;
      conversation.drop(way, unit);
    },
  });
  conversation.push("up", Buffer.from(up), 0);
  conversation.push("down", Buffer.from(down), 0);
  return {
    arm: () => {
      isArmed = true;
    },
    push: (text: string) => {
      const bytes = Buffer.from(text, "latin1");
      const parts = conversation.push(way, bytes, 0);
      const passed = dropper.filter(bytes, parts, conversation.undecided(way));
      return passed.map((piece) => piece.bytes.toString("latin1")).join("");
    },
  };
}

describe("a dropper", () => {
  for (const [name, stream] of Object.entries(STREAMS)) {
    test(`${name}: takes exactly the next whole one that has not begun, however the bytes come`, () => {
      const random = createRandom(3);
      const whole = stream.stretches.map(([bytes]) => bytes).join("");
      for (let armedAt = 0; armedAt <= whole.length; armedAt += 1) {
        for (const longest of [1, 3, 40, 1_000]) {
          const { arm, push } = filtered(stream);
          const before = push(whole.slice(0, armedAt));
          arm();
          let after = "";
          for (let at = armedAt; at < whole.length; ) {
            const piece = whole.slice(at, at + 1 + Math.floor(longest * random()));
            after += push(piece);
            at += piece.length;
          }
          expect(before + after).toBe(withoutNext(stream.stretches, armedAt));
        }
      }
    });
  }

  /** What is left when the first stretch that begins at or after an offset, and can be missing, is. */
  function withoutNext(stretches: readonly Stretch[], offset: number): string {
    let at = 0;
    const starts = stretches.map(([bytes]) => {
      at += bytes.length;
      return at - bytes.length;
    });
    const taken = stretches.findIndex(([, canDrop], index) => canDrop && (starts[index] ?? 0) >= offset);
    return stretches
      .filter((_, index) => index !== taken)
      .map(([bytes]) => bytes)
      .join("");
  }
});

describe("a drop on the wire", () => {
  test("the answer never comes, the next one on another connection does", async () => {
    const { wire, put, tap, fates } = await openWires();
    const [first, second] = [await wire("alice"), await wire("bob")];
    put({ kind: "drop" }, { way: "down" });
    await say(first.client, first.server, requestOf("alice", "/next"));
    expect(tap.rules).toHaveLength(1);
    first.server.socket.write(responseOf("never"));
    await until("it to be taken", () => tap.rules.length === 0);
    await say(second.server, second.client, responseOf("hello"));
    // The same connection goes on too.
    await say(first.server, first.client, responseOf("next"));
    expect(first.client.text()).toBe(responseOf("next"));
    expect(fates("200 OK ← GET /next")).toBe("held passed");
    expect(fates("200 OK ← GET /").split(" ")).toContain("dropped");
  });

  test("a request that is swallowed is answered by nobody, and the next one is not taken for it", async () => {
    const { wire, put, fates } = await openWires();
    const { client, server } = await wire();
    put({ kind: "drop" }, { way: "up" });
    client.socket.write(requestOf("bob", "/never"));
    await say(client, server, requestOf("bob", "/next"));
    await say(server, client, responseOf("hello"));
    expect(fates("GET /never")).toBe("held dropped");
    expect(fates("200 OK ← GET /next")).toBe("held passed");
  });

  test("an event of a stream is swallowed, byte by byte or at once, and the stream goes on", async () => {
    const { wire, put, fates } = await openWires();
    const { client, server } = await wire("bob");
    await say(server, client, STREAM + eventOf(1));
    put({ kind: "drop" }, { way: "down" });
    server.socket.write(eventOf(2));
    await say(server, client, eventOf(3));
    put({ kind: "drop" }, { way: "down" });
    for (const byte of eventOf(4)) {
      server.socket.write(byte);
      await setTimeout(1);
    }
    await say(server, client, eventOf(5));
    expect(client.text()).toBe(STREAM + [1, 3, 5].map(eventOf).join(""));
    expect(fates("message 2")).toBe("held dropped");
    expect(fates("message 4")).toBe("dropped");
    expect(fates("message 5")).toBe("held passed");
  });

  test("a message that has begun is let through, and the next one is taken", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire("bob");
    const [begun, rest] = [responseOf("one").slice(0, 20), responseOf("one").slice(20)];
    await say(server, client, begun);
    put({ kind: "drop" }, { way: "down" });
    await say(server, client, rest);
    server.socket.write(responseOf("two"));
    await say(server, client, responseOf("three"));
    expect(client.text()).toBe(responseOf("one") + responseOf("three"));
  });

  test("a drop for one person waits for a message of that person", async () => {
    const { wire, put, tap } = await openWires();
    const [alice, bob] = [await wire("alice"), await wire("bob")];
    put({ kind: "drop" }, { target: "bob", way: "down" });
    await say(alice.server, alice.client, responseOf("hello"));
    expect(tap.rules).toHaveLength(1);
    bob.server.socket.write(responseOf("never"));
    await say(bob.server, bob.client, responseOf("hello"));
    expect(tap.rules).toEqual([]);
  });

  test("a drop that is lifted takes nothing, and lets go what it held back", async () => {
    const { wire, put } = await openWires();
    const { client, server } = await wire();
    const lift = put({ kind: "drop" });
    client.socket.write("GET /cake HTTP");
    await setTimeout(50);
    expect(server.text()).toBe("");
    lift();
    client.socket.write("/1.1\r\n\r\n");
    await until("the request", () => server.text() === "GET /cake HTTP/1.1\r\n\r\n");
  });

  for (const isEarly of [true, false]) {
    const what = isEarly ? "that frame" : "the one after it";
    test(`a client that sends a frame before the protocol is switched can lose ${what}`, async () => {
      const { wire, put, tap } = await openWires();
      const { client, server } = await wire();
      await say(client, server, UPGRADE);
      if (isEarly) put({ kind: "drop" }, { way: "up" });
      client.socket.write(frameOf(0x82, "early"), "latin1");
      await until("the tap to have it", () => tap.connections[0]?.bytesUp === UPGRADE.length + 7);
      await say(server, client, UPGRADED);
      if (!isEarly) put({ kind: "drop" }, { way: "up" });
      client.socket.write(frameOf(0x82, "next"), "latin1");
      client.socket.write(frameOf(0x82, "last"), "latin1");
      const rest = frameOf(0x82, isEarly ? "next" : "early") + frameOf(0x82, "last");
      await until("the rest", () => server.text() === UPGRADE + rest);
    });
  }

  test("a connection that has ended already uses up no drop", async () => {
    const { wire, put, tap, history } = await openWires();
    const { client, server } = await wire("bob");
    client.socket.pause();
    server.socket.write(Buffer.alloc(20_000_000));
    // Its end waits behind all that: the client can still speak, and nobody listens.
    await setTimeout(50);
    put({ kind: "close" });
    put({ kind: "drop" });
    client.socket.write(requestOf("bob", "/too-late"));
    await setTimeout(50);
    expect(tap.rules).toHaveLength(1);
    expect(history.filter(({ summary }) => summary.includes("/too-late"))).toEqual([]);
  });

  test("a frame between two programs that use the library ws is swallowed, and the connection goes on", async () => {
    const { tap, put } = await openWires();
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    onTestFinished(() => void server.close());
    await once(server, "listening");
    tap.setTarget((server.address() as AddressInfo).port);
    const client = new WebSocket(`ws://127.0.0.1:${tap.port}`);
    onTestFinished(() => client.terminate());
    const [[peer]] = await Promise.all([once(server, "connection"), once(client, "open")]);
    const heard = { up: [] as string[], down: [] as string[] };
    peer.on("message", (data: Buffer) => heard.up.push(String(data)));
    client.on("message", (data) => heard.down.push(String(data)));
    for (const way of ["up", "down"] as const) {
      const from = way === "up" ? client : peer;
      from.send("one");
      await until("the first one", () => heard[way].length === 1);
      put({ kind: "drop" }, { way });
      for (const text of ["two", "three", "x".repeat(100_000)]) from.send(text);
      await until("the last one", () => heard[way].length === 3);
      expect(heard[way]).toEqual(["one", "three", "x".repeat(100_000)]);
    }
    client.ping();
    await once(client, "pong");
    client.close(1000, "bye");
    const [code] = await once(peer, "close");
    expect(code).toBe(1000);
  });
});
