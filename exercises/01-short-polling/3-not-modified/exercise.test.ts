import { expect } from "vitest";
import { accepted, demoBoard } from "../../../shared/testing/demo-board.ts";
import { request } from "../../../shared/testing/exercise-clients.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { answerUpdates } from "./exercise.ts";

/** The demo board, whose log is at 9, with an epoch that is the same in every run. */
function openBoard(log: Log) {
  const { database, boards } = demoBoard();
  database.exec("UPDATE boards SET epoch = 'e1'");
  log("board-1 is at seq 9, and its epoch is e1");
  const app = {
    fetch({ url, headers }: Request): Response {
      const after = Number(new URL(url).searchParams.get("after"));
      const page = accepted(boards.eventsAfter("board-1", { seq: after }, 100));
      const head = accepted(boards.head("board-1"));
      return answerUpdates({ after, page, head, ifNoneMatch: headers.get("if-none-match") });
    },
  };
  /** Bob asks what comes after 9. */
  async function ask(ifNoneMatch?: string) {
    const headers = ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch };
    const answer = await request(log, "bob", app, "GET /boards/board-1/updates?after=9", { headers });
    const etag = answer.headers.get("etag") ?? "none";
    log(`its ETag: ${etag}`);
    return { ...answer, etag, cacheControl: answer.headers.get("cache-control") };
  }
  return { database, boards, ask };
}

test("an answer has an ETag, which is a text in quotes", async ({ log }) => {
  const { ask } = openBoard(log);
  const { etag } = await ask();
  expect(etag, "the ETag").toMatch(/^(W\/)?"[^"\s]*"$/);
});

test("the same question with that ETag is 304, without a body and with the same headers", async ({ log }) => {
  const { ask } = openBoard(log);
  const first = await ask();
  const second = await ask(first.etag);
  const { status, body, etag, cacheControl } = second;
  expect({ status, body, etag, cacheControl }, "the second answer").toEqual({
    status: 304,
    body: "",
    etag: first.etag,
    cacheControl: "no-cache",
  });
  expect(first.cacheControl, "the Cache-Control of the first answer, which is a 200").toBe("no-cache");
});

test("when the log has grown, the old ETag brings the new event", async ({ log }) => {
  const { ask, boards } = openBoard(log);
  const { etag } = await ask();
  boards.deleteTask("alice", "task-1");
  log("alice deletes task-1: that is event 10");
  const { status, body } = await ask(etag);
  expect({ status, seq: body.seq }, "the second answer").toEqual({ status: 200, seq: 10 });
});

test("when the server has another log, the old ETag is worth nothing", async ({ log }) => {
  const { ask, database } = openBoard(log);
  const { etag } = await ask();
  database.exec("UPDATE boards SET epoch = 'e2'");
  log("the server comes back with another database: seq 9 again, and epoch e2");
  const { status, body } = await ask(etag);
  expect({ status, seq: body.seq }, "the second answer").toEqual({ status: 200, seq: 9 });
});

test("a weak ETag, one of several, and a star are matches as well", async ({ log }) => {
  const { ask } = openBoard(log);
  const first = await ask();
  const etag = first.etag.replace(/^W\//, "");
  const weak = await ask(`W/${etag}`);
  const oneOfTwo = await ask(`"other", ${etag}`);
  const withoutBlank = await ask(`"other",${etag}`);
  const weakOfTwo = await ask(`"other", W/${etag}`);
  const star = await ask("*");
  expect(
    {
      weak: weak.status,
      oneOfTwo: oneOfTwo.status,
      withoutBlank: withoutBlank.status,
      weakOfTwo: weakOfTwo.status,
      star: star.status,
    },
    "the statuses of the five answers",
  ).toEqual({ weak: 304, oneOfTwo: 304, withoutBlank: 304, weakOfTwo: 304, star: 304 });
});
