import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import {
  countConnections,
  countTimers,
  heapAfterCollection,
  memoryAfterCollection,
} from "../../shared/testing/leaks.ts";
import { openRawStream, type RawStream } from "../../shared/testing/raw-stream.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";

const PATH = "/boards/board-1/events";
const EVENTS = 20;

/** A board with twenty events after seq 9, on a server whose streams all begin with the same bytes. */
async function startBoard() {
  const { database, boards } = demoBoard();
  for (let each = 1; each <= EVENTS; each += 1) {
    accepted(boards.renameBoard("alice", "board-1", { name: `N${each}` }));
  }
  const app = createApp({ database, streamSettings: { retryMs: 3_000 } });
  const server = await startServer(app);
  return { app, server, epoch: snapshotOf(boards).board.epoch };
}

const over = (stream: RawStream) =>
  new Promise<void>((resolve) => stream.socket.once("close", () => resolve()));

describe("a stream that is cut", () => {
  test("resumes with exactly the missing events, wherever it was cut: at every byte of twenty events", async () => {
    const { app, server, epoch } = await startBoard();
    const whole = openRawStream(server.port, `${PATH}?after=${epoch}:9`);
    await until("all events", () => whole.events.length === EVENTS);
    const expected = whole.events.map(({ id, data }) => `${id} ${data}`);

    async function cutAt(offset: number): Promise<string[]> {
      const first = openRawStream(server.port, `${PATH}?after=${epoch}:9`, {}, offset);
      await over(first);
      const lastId = first.events.at(-1)?.id;
      // Like a browser: the last id that it has seen whole, or else the address once more.
      const rest = openRawStream(
        server.port,
        `${PATH}?after=${epoch}:9`,
        lastId ? { "Last-Event-ID": lastId } : {},
      );
      await until(`the rest after byte ${offset}`, () => first.events.length + rest.events.length >= EVENTS);
      rest.socket.destroy();
      return [...first.events, ...rest.events].map(({ id, data }) => `${id} ${data}`);
    }

    for (let offset = 1; offset < whole.bytes; offset += 50) {
      const offsets = Array.from(
        { length: Math.min(50, whole.bytes - offset) },
        (_, index) => offset + index,
      );
      for (const received of await Promise.all(offsets.map(cutAt))) expect(received).toEqual(expected);
    }
    whole.socket.destroy();
    await until("all streams to be forgotten", () => app.streams.size === 0);
  }, 120_000);

  test("a client that stops reading costs a bounded amount of memory, and the others notice nothing", async () => {
    const { database, boards } = demoBoard();
    const app = createApp({ database, streamSettings: { maxStallMs: 500 } });
    const server = await startServer(app);
    const good = openRawStream(server.port, PATH);
    const stuck = openRawStream(server.port, PATH);
    await until("both", () => good.head && stuck.head);
    stuck.socket.pause();
    const before = await memoryAfterCollection();
    let most = 0;
    for (let each = 1; each <= 300; each += 1) {
      app.streams.publish(accepted(boards.renameBoard("alice", "board-1", { name: "x".repeat(40_000) }))); // 12 MB in all
      await until("the good client", () => good.events.length === each);
      good.events.fill({ data: "" } as never); // seen
      if (each % 50 === 0) most = Math.max(most, (await memoryAfterCollection()) - before);
    }
    await until("the stuck one to be cut off", () => app.streams.size === 1, 10_000);
    expect(most).toBeLessThan(6_000_000);
    expect(good.isOver).toBe(false);
  });

  test("a thousand streams that end in every way leave nothing behind", async () => {
    const { database } = demoBoard();
    const app = createApp({ database, streamSettings: { maxAgeMs: 3_000, heartbeatMs: 500 } });
    const server = await startServer(app);
    const round = async (count: number) => {
      let opened = 0;
      const sockets = Array.from({ length: count }, () => {
        const socket = connect(server.port, "127.0.0.1");
        socket.on("error", () => {}).on("data", () => {});
        socket.once("data", () => {
          opened += 1;
        });
        socket.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        return socket;
      });
      // Not their number at one time: on a busy machine the first have reached their age when the last are opened.
      await until("the streams", () => opened === count, 20_000);
      sockets.forEach((socket, index) => {
        if (index % 4 === 0)
          socket.end(); // FIN
        else if (index % 4 === 1)
          socket.resetAndDestroy(); // RST
        else if (index % 4 === 2) socket.destroy();
        else socket.pause(); // vanished: it reads no more and says nothing; the stream's age ends it
      });
      await until("all to be forgotten", () => app.streams.size === 0, 20_000);
      for (const socket of sockets) socket.destroy();
      await until(
        "all connections to be gone",
        async () => (await countConnections(server.node)) === 0,
        20_000,
      );
    };
    await round(50); // what is loaded and compiled once
    const timersBefore = countTimers();
    const heapBefore = await heapAfterCollection();
    await round(1_000);
    expect([app.streams.size, app.streams.boardCount]).toEqual([0, 0]);
    await until("the timers to be gone", () => countTimers() <= timersBefore);
    expect((await heapAfterCollection()) - heapBefore).toBeLessThan(4_000_000); // 4 kB a stream would be a leak
  }, 60_000);
});
