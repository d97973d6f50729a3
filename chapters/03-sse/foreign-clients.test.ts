import { spawn } from "node:child_process";
import { EventSource } from "eventsource";
import { createParser } from "eventsource-parser";
import { describe, expect, onTestFinished, test } from "vitest";
import { EVENT_TYPES } from "../../shared/events.ts";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";

const PATH = "/boards/board-1/events";

/** A chapter's server that can be stopped and started again, on the same port and with the same board. */
async function restartable() {
  const { database, boards } = demoBoard();
  const create = () =>
    withPage(createApp({ database, streamSettings: { retryMs: 100 } }), import.meta.dirname);
  let server = await startServer(create(), { graceMs: 100 });
  const { port, url } = server;
  let count = 0;
  return {
    url,
    boards,
    epoch: snapshotOf(boards).board.epoch,
    /** A change that a client hears of. */
    change: async () => {
      count += 1;
      const response = await fetch(`${url}/tasks/task-1`, {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ title: `Change ${count}` }),
      });
      expect(response.status).toBe(200);
    },
    /** A change while nobody is there to tell of it. */
    changeUnseen: () => accepted(boards.renameBoard("alice", "board-1", { name: "Unseen" })),
    stop: () => server.close(),
    start: async () => {
      server = await startServer(create(), { port, graceMs: 100 });
    },
  };
}

/** Lets a client follow through a restart: live, away, back, live. */
async function throughRestart(board: Awaited<ReturnType<typeof restartable>>, seqs: () => readonly number[]) {
  await board.change();
  await board.change();
  await until("the first events", () => seqs().length === 2);
  await board.stop();
  board.changeUnseen();
  await board.start();
  await until("the event that was missed", () => seqs().length >= 3, 10_000);
  await board.change();
  await until("the last event", () => seqs().length >= 4, 10_000);
  expect(seqs()).toEqual([10, 11, 12, 13]);
}

describe("clients that are not ours follow through a restart without loss and without repeat", () => {
  test("the npm package eventsource", async () => {
    const board = await restartable();
    const source = new EventSource(`${board.url}${PATH}?after=${board.epoch}:9`);
    onTestFinished(() => source.close());
    const seqs: number[] = [];
    for (const type of EVENT_TYPES)
      source.addEventListener(type, ({ data }) => seqs.push(JSON.parse(data).seq));
    await throughRestart(board, () => seqs);
  });

  test("curl -N, which a script starts again with the last id", async () => {
    const board = await restartable();
    const seqs: number[] = [];
    let lastId = `${board.epoch}:9`;
    let isOver = false;
    const parser = createParser({
      onEvent: ({ id, data }) => {
        lastId = id ?? lastId;
        seqs.push(JSON.parse(data).seq);
      },
    });
    function run(): void {
      const child = spawn("curl", ["-sN", "-H", `Last-Event-ID: ${lastId}`, `${board.url}${PATH}`]);
      onTestFinished(() => void child.kill());
      parser.reset();
      child.stdout.setEncoding("utf8").on("data", (text) => parser.feed(text));
      child.on("close", () => isOver || setTimeout(run, 100));
    }
    onTestFinished(() => {
      isOver = true;
    });
    run();
    await throughRestart(board, () => seqs);
  });

  browserTest("Chromium's EventSource", async () => {
    const board = await restartable();
    const { page } = await openPage(`${board.url}/board`);
    await page.evaluate(
      ({ path, types }) => {
        const seqs: number[] = [];
        const source = new globalThis.EventSource(path); // the browser's own
        for (const type of types) {
          source.addEventListener(type, ({ data }) => {
            seqs.push(JSON.parse(data).seq);
            document.title = seqs.join(" ");
          });
        }
      },
      { path: `${PATH}?after=${board.epoch}:9`, types: [...EVENT_TYPES] },
    );
    let title = "";
    const watching = setInterval(() => {
      page.title().then(
        (now) => {
          title = now;
        },
        () => {},
      );
    }, 20);
    onTestFinished(() => clearInterval(watching));
    await throughRestart(board, () => (/^\d/.test(title) ? title.split(" ").map(Number) : []));
  });
});
