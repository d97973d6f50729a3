import { expect } from "vitest";
import { openStream } from "../../../shared/testing/exercise-clients.ts";
import { type Log, test, waitFor } from "../../../shared/testing/exercise-test.ts";
import { startServer } from "../../../shared/testing/start-server.ts";
import { createBoardLog } from "./board-log.ts";
import { streamBoard } from "./exercise.ts";

/** What Bob's stream has when event 13 has happened, which is as soon as it has begun. */
async function follow(
  log: Log,
  { header, after, firstSeq = 5 }: { header?: string; after?: string; firstSeq?: number },
): Promise<string[]> {
  log(`the log has the events ${firstSeq} to 12, and its epoch is e2`);
  const boardLog = createBoardLog("e2", firstSeq, 12);
  const { port } = await startServer({ fetch: (request) => streamBoard(request, boardLog) });
  const path = `/boards/board-1/events${after === undefined ? "" : `?after=${after}`}`;
  const headers = header === undefined ? {} : { "last-event-id": header };
  const stream = openStream(log, "bob", port, path, headers);
  const got = () => stream.events.map(({ event, id }) => `${event}, id ${id}`);
  await waitFor("Bob's stream to begin", () => stream.head);
  log("alice moves a task: event 13");
  boardLog.append("task_moved");
  await waitFor("Bob to get event 13", () => got().includes("task_moved, id e2:13"), got);
  stream.close();
  return got();
}

test("whoever comes back gets exactly what they missed, and then what happens", async ({ log }) => {
  expect(await follow(log, { header: "e2:9" }), "what Bob got").toEqual([
    "task_created, id e2:10",
    "task_created, id e2:11",
    "task_created, id e2:12",
    "task_moved, id e2:13",
  ]);
});

test("whoever has missed nothing gets nothing again", async ({ log }) => {
  expect(await follow(log, { header: "e2:12" }), "what Bob got").toEqual(["task_moved, id e2:13"]);
});

test("without a header the address says where to begin, and if it does not, it is the present", async ({
  log,
}) => {
  expect(await follow(log, { after: "e2:11" }), "what Bob got, with ?after=e2:11").toEqual([
    "task_created, id e2:12",
    "task_moved, id e2:13",
  ]);
  expect(await follow(log, {}), "what Bob got, with no cursor at all").toEqual(["task_moved, id e2:13"]);
});

test("the header is newer than the address", async ({ log }) => {
  expect(await follow(log, { header: "e2:11", after: "e2:9" }), "what Bob got").toEqual([
    "task_created, id e2:12",
    "task_moved, id e2:13",
  ]);
});

test("a cursor of another log is answered with one reset", async ({ log }) => {
  expect(await follow(log, { header: "e1:9" }), "what Bob got").toEqual([
    "reset, id e2:12",
    "task_moved, id e2:13",
  ]);
});

test("a cursor from the future is answered with one reset", async ({ log }) => {
  expect(await follow(log, { header: "e2:20" }), "what Bob got").toEqual([
    "reset, id e2:12",
    "task_moved, id e2:13",
  ]);
});

test("the log is sent if it reaches back to the cursor, and not a part of it if it does not", async ({
  log,
}) => {
  expect(await follow(log, { header: "e2:4" }), "what Bob got, who lacks 5 and all after it").toEqual([
    ...[5, 6, 7, 8, 9, 10, 11, 12].map((seq) => `task_created, id e2:${seq}`),
    "task_moved, id e2:13",
  ]);
  expect(await follow(log, { header: "e2:3" }), "what Bob got, who also lacks 4").toEqual([
    "reset, id e2:12",
    "task_moved, id e2:13",
  ]);
});

test("a text that is no cursor is answered with one reset", async ({ log }) => {
  const got: Record<string, string[]> = {};
  for (const header of ["hello", "12", "e2:", "e2:9x", "e2:0x9"]) {
    got[header] = await follow(log, { header, firstSeq: 1 });
  }
  const reset = ["reset, id e2:12", "task_moved, id e2:13"];
  expect(got, "what Bob got, for each text").toEqual({
    hello: reset,
    12: reset,
    "e2:": reset,
    "e2:9x": reset,
    "e2:0x9": reset,
  });
});
