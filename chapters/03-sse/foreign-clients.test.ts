import { spawn } from "node:child_process";
import { EventSource } from "eventsource";
import { createParser } from "eventsource-parser";
import { describe, onTestFinished, test } from "vitest";
import { EVENT_TYPES } from "../../shared/events.ts";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { followThroughRestart, restartableBoard } from "../../shared/testing/restartable-board.ts";
import { createApp } from "./app.ts";

const PATH = "/boards/board-1/events";

const startBoard = () =>
  restartableBoard(
    (database) => createApp({ database, streamSettings: { retryMs: 100 } }),
    import.meta.dirname,
  );

describe("clients that are not ours follow through a restart without loss and without repeat", () => {
  test("the npm package eventsource", async () => {
    const board = await startBoard();
    const source = new EventSource(`${board.url}${PATH}?after=${board.epoch}:9`);
    onTestFinished(() => source.close());
    const seqs: number[] = [];
    for (const type of EVENT_TYPES)
      source.addEventListener(type, ({ data }) => seqs.push(JSON.parse(data).seq));
    await followThroughRestart(board, () => seqs);
  });

  test("curl -N, which a script starts again with the last id", async () => {
    const board = await startBoard();
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
    await followThroughRestart(board, () => seqs);
  });

  browserTest("Chromium's EventSource", async () => {
    const board = await startBoard();
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
    await followThroughRestart(board, () => (/^\d/.test(title) ? title.split(" ").map(Number) : []));
  });
});
