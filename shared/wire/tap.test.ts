import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, onTestFinished, test } from "vitest";
import { SettingError } from "../settings.ts";
import { until } from "../testing/until.ts";
import { connectTo, endingOf, openWires, peerOf, randomBytes, sendInPieces } from "../testing/wire-peers.ts";
import { createRandom } from "./random.ts";
import { openTap } from "./tap.ts";

const MB = 1_000_000;

/** Sends without an end, and stops for good when it is told to. */
function flood(socket: Socket) {
  const hash = createHash("sha256");
  const random = createRandom(7);
  let sent = 0;
  let isOver = false;
  function push(): void {
    while (!isOver && sent < 200 * MB) {
      const block = Buffer.alloc(64_000, Math.floor(random() * 256));
      sent += block.length;
      hash.update(block);
      if (!socket.write(block)) {
        socket.once("drain", push);
        return;
      }
    }
  }
  push();
  return {
    sent: () => sent,
    /** @returns the hash of all that was sent */
    stop: () => {
      isOver = true;
      socket.end();
      return hash.digest("hex");
    },
  };
}

/** What all buffers of this process hold, garbage not counted. */
function bytesInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().arrayBuffers;
}

describe("bytes", () => {
  test("binary data in pieces of any size is the same at the other end, both ways at once", async () => {
    const { wire } = await openWires();
    const random = createRandom(1);
    const wires = [await wire(), await wire(), await wire()];
    const exchanges = wires.map(async ({ client, server }) => {
      const up = randomBytes(3 * MB, random);
      const down = randomBytes(4 * MB, random);
      await Promise.all([sendInPieces(client.socket, up, random), sendInPieces(server.socket, down, random)]);
      client.socket.end();
      server.socket.end();
      await Promise.all([endingOf(client), endingOf(server)]);
      return server.bytes().equals(up) && client.bytes().equals(down);
    });
    expect(await Promise.all(exchanges)).toEqual([true, true, true]);
  });

  test("thousands of writes of one byte arrive in order", async () => {
    const { wire } = await openWires();
    const { client, server } = await wire();
    const bytes = randomBytes(5_000, createRandom(2));
    for (const byte of bytes) {
      client.socket.write(Buffer.of(byte));
      server.socket.write(Buffer.of(byte));
    }
    const all = () => server.bytes().length === bytes.length && client.bytes().length === bytes.length;
    await until("all bytes", all);
    expect(server.bytes().equals(bytes)).toBe(true);
    expect(client.bytes().equals(bytes)).toBe(true);
  });
});

describe("back-pressure", () => {
  for (const way of ["down", "up"] as const) {
    const [sender, reader] = way === "down" ? ["server", "client"] : ["client", "server"];
    test(`a ${reader} that does not read makes the ${sender}'s writes wait, and gets everything later`, async () => {
      const { wire } = await openWires();
      const { client, server } = await wire();
      const [from, to] = way === "down" ? [server.socket, client.socket] : [client.socket, server.socket];
      to.removeAllListeners("data");
      to.pause();
      const memoryBefore = bytesInUse();
      const flooding = flood(from);
      let last = -1;
      await until("the sender to be stuck", async () => {
        last = flooding.sent();
        await setTimeout(300);
        return flooding.sent() === last;
      });
      // What the system's own buffers take, far less than the 200 MB that it tries to send.
      expect(flooding.sent()).toBeLessThan(50 * MB);
      expect(from.writableLength).toBeGreaterThan(0);
      expect(from.writableLength).toBeLessThan(0.2 * MB);
      // A collector that sweeps in the background takes a moment.
      await until("memory to be free", () => bytesInUse() - memoryBefore < MB);

      const sent = flooding.stop();
      const received = createHash("sha256");
      to.on("data", (piece) => received.update(piece));
      to.resume();
      await once(to, "end");
      expect(received.digest("hex")).toBe(sent);
    });
  }
});

describe("ends", () => {
  test("a client that has finished still gets what the server says afterwards", async () => {
    const { wire, tap } = await openWires();
    const { client, server } = await wire();
    client.socket.end("that was all");
    expect(await endingOf(server)).toBe("FIN");
    expect(server.text()).toBe("that was all");
    const answer = randomBytes(2 * MB, createRandom(3));
    server.socket.end(answer);
    expect(await endingOf(client)).toBe("FIN");
    expect(client.bytes().equals(answer)).toBe(true);
    await until("the tap to be rid of it", () => tap.connections.length === 0);
  });

  test("a server that has finished still gets what the client says afterwards", async () => {
    const { wire, tap } = await openWires();
    const { client, server } = await wire();
    server.socket.end("that was all");
    expect(await endingOf(client)).toBe("FIN");
    expect(client.text()).toBe("that was all");
    const more = randomBytes(2 * MB, createRandom(4));
    client.socket.end(more);
    expect(await endingOf(server)).toBe("FIN");
    expect(server.bytes().equals(more)).toBe(true);
    await until("the tap to be rid of it", () => tap.connections.length === 0);
  });

  test("a client's reset is a reset at the server, and the other way round", async () => {
    const { wire, tap, fates } = await openWires();
    const first = await wire();
    first.client.socket.resetAndDestroy();
    expect(await endingOf(first.server)).toBe("ECONNRESET");
    const second = await wire();
    second.server.socket.resetAndDestroy();
    expect(await endingOf(second.client)).toBe("ECONNRESET");
    await until("the tap to be rid of them", () => tap.connections.length === 0);
    expect(fates("reset by the client")).toBe("passed");
    expect(fates("reset by the server")).toBe("passed");
  });

  test("a server that is not there is a reset for the client, within a second", async () => {
    const { tap, wire } = await openWires();
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const port = portOf(gone);
    gone.close();
    await once(gone, "close");
    const { server } = await wire();
    tap.setTarget(port);
    const start = performance.now();
    expect(await endingOf(connectTo(tap.port))).toBe("ECONNRESET");
    expect(performance.now() - start).toBeLessThan(1_000);
    // Those that are open stay with the server that they have.
    expect(server.ended).toBeUndefined();
  });

  test("connections that end in all ways, and at all times, leave nothing behind", async () => {
    const { tap } = await openWires();
    const random = createRandom(5);
    const ways: ((socket: Socket) => void)[] = [
      (socket) => socket.end("bye"),
      (socket) => socket.destroy(),
      (socket) => socket.resetAndDestroy(),
      (socket) => {
        socket.write("half a mess");
        socket.resetAndDestroy();
      },
    ];
    const endSomehow = (socket: Socket) => ways[Math.floor(random() * ways.length)]?.(socket);
    const server = createServer((socket) => {
      socket.on("error", () => {}).resume();
      socket.write("hello");
      if (random() < 0.3) endSomehow(socket);
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const target = portOf(server);
    tap.setTarget(target);
    const socketsBefore = openSockets();
    for (let count = 0; count < 400; count += 1) {
      const client = connect(tap.port, "127.0.0.1")
        .on("error", () => {})
        .resume();
      // Some while they are connecting, the others when the server has spoken.
      if (count % 3 === 0) endSomehow(client);
      else client.once("data", () => endSomehow(client));
      if (count % 10 === 0) await setTimeout(1);
    }
    await until("the tap to be rid of them", () => tap.connections.length === 0);
    await until("all sockets to be closed", () => openSockets() <= socketsBefore);
    await tap.close();
    const next = await openTap({ port: tap.port, target });
    await next.close();
  });

  test("a cut in the very moment in which an end goes out leaves no socket open", async () => {
    const { tap, target, wire, put, accepted, fates } = await openWires();
    const bypass = connectTo(target);
    const signal = await until("the connection without the tap", () => accepted[0]);
    bypass.socket.on("data", () => put({ kind: "cut" }));
    const socketsBefore = openSockets();
    for (let count = 0; count < 10; count += 1) {
      const { client, server } = await wire();
      // The tap hears of both in the same round of its event loop.
      server.socket.end(() => signal.socket.write("now"));
      await endingOf(client);
      await until("the cut", () => tap.connections.length === 0);
      client.socket.destroy();
    }
    expect(fates("connection closed: cut")).toBe("passed");
    await until("all sockets to be closed", () => openSockets() <= socketsBefore);
  });

  test("closing the tap resets what is open, also what waits for somebody who does not read", async () => {
    const { tap, wire, put } = await openWires();
    const { client, server } = await wire();
    const open = await wire();
    client.socket.removeAllListeners("data");
    client.socket.pause();
    const flooding = flood(server.socket);
    await setTimeout(100);
    put({ kind: "close" }, { target: 1 });
    await tap.close();
    flooding.stop();
    expect(await endingOf(open.client)).toBe("ECONNRESET");
    expect(await endingOf(open.server)).toBe("ECONNRESET");
  });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** How many TCP connections this process has. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}

describe("where it listens", () => {
  test("on this machine only", async () => {
    const { tap } = await openWires();
    const own = connectTo(tap.port);
    await once(own.socket, "connect");
    expect(own.socket.remoteAddress).toBe("127.0.0.1");
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const outer = addresses.find(({ internal, family }) => !internal && family === "IPv4");
    if (!outer) return;
    expect(await endingOf(peerOf(connect(tap.port, outer.address)))).toBe("ECONNREFUSED");
  });

  test("a taken port is one sentence", async () => {
    const { tap, target } = await openWires();
    const second = openTap({ port: tap.port, target });
    await expect(second).rejects.toThrow(SettingError);
    await expect(second).rejects.toThrow(
      `Port ${tap.port}, which the tap needs, is taken: stop the program that listens there, or set PORT to another number.`,
    );
  });
});
