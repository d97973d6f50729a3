import { expect } from "vitest";
import { demoBoard } from "../../../shared/testing/demo-board.ts";
import { request } from "../../../shared/testing/exercise-clients.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createUpdatesApp } from "./exercise.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");

/** The demo board, whose log is at 9. Every event of it was made in the same millisecond. */
function openBoard(log: Log, pageSize = 100) {
  const { database, boards } = demoBoard(() => NOON);
  const app = createUpdatesApp({ database, pageSize });
  log(`board-1 is at seq 9; an answer has at most ${pageSize} events`);
  const ask = (after: string) => request(log, "bob", app, `GET /boards/board-1/updates${after}`);
  return {
    database,
    boards,
    ask,
    /** What is answered, in words: `updates?after=10 is 410 cursor_gone`. */
    async statusOf(after: string): Promise<string> {
      const { status, body } = await ask(after);
      return [`updates${after} is`, status, body.error?.code].join(" ").trim();
    },
    /** An answer with only the seqs of its events. */
    async page(after: number) {
      const { body } = await ask(`?after=${after}`);
      const seqs = body.events?.map(({ seq }: { seq: number }) => seq);
      return body.error ?? { events: seqs, seq: body.seq, more: body.more };
    },
  };
}

test("what comes after the cursor is sent, a deletion like everything else", async ({ log }) => {
  const { boards, ask } = openBoard(log);
  boards.deleteTask("alice", "task-4");
  log("alice deletes task-4: that is event 10");
  const { body } = await ask("?after=9");
  expect(body, "the answer").toEqual({
    events: [
      {
        seq: 10,
        type: "task_deleted",
        boardId: "board-1",
        actorId: "alice",
        at: "2026-11-21T12:00:00.000Z",
        data: { taskId: "task-4", listId: "list-done" },
      },
    ],
    seq: 10,
    more: false,
  });
});

test("when nothing is new, the cursor stays where it is", async ({ log }) => {
  const { page } = openBoard(log);
  expect(await page(9), "the answer").toEqual({ events: [], seq: 9, more: false });
});

test("a client that is far behind gets page after page, and misses nothing", async ({ log }) => {
  const { page } = openBoard(log, 4);
  const first = await page(0);
  const second = await page(first.seq);
  expect([first, second], "two answers, of which the second starts where the first one ends").toEqual([
    { events: [1, 2, 3, 4], seq: 4, more: true },
    { events: [5, 6, 7, 8], seq: 8, more: true },
  ]);
});

test("a last page that is full is the last one all the same", async ({ log }) => {
  const { page } = openBoard(log, 4);
  expect(await page(5), "the answer").toEqual({ events: [6, 7, 8, 9], seq: 9, more: false });
});

test("events of other boards stay there", async ({ log }) => {
  const { boards, page } = openBoard(log);
  for (const name of ["a", "b", "c", "d", "e", "f", "g", "h", "i"]) {
    boards.createList("carol", "board-2", { name });
  }
  log("carol adds nine lists to board-2, which is at seq 10 now");
  expect(await page(8), "the answer").toEqual({ events: [9], seq: 9, more: false });
});

test("a cursor that is no number is 400", async ({ log }) => {
  const { statusOf } = openBoard(log);
  const cursors = ["?after=x", "?after=9x", "?after=-1", "?after=1.5", "?after=0x9", "?after=", ""];
  const answers: string[] = [];
  for (const cursor of cursors) answers.push(await statusOf(cursor));
  expect(answers, "the statuses and codes").toEqual(
    cursors.map((cursor) => `updates${cursor} is 400 bad_input`),
  );
});

test("a cursor from the future is 410, and not an empty answer", async ({ log }) => {
  const { statusOf } = openBoard(log);
  expect(await statusOf("?after=10"), "the status and the code").toBe("updates?after=10 is 410 cursor_gone");
});

test("a cursor to which the log does not reach back is 410, and never a part of the events", async ({
  log,
}) => {
  const { database, statusOf } = openBoard(log);
  database.exec("DELETE FROM events WHERE seq <= 4");
  log("the board's events 1 to 4 are deleted, because they are old");
  const answers = [await statusOf("?after=3"), await statusOf("?after=4")];
  database.exec("DELETE FROM events");
  log("now all of them are deleted");
  answers.push(await statusOf("?after=8"), await statusOf("?after=9"));
  expect(answers, "the statuses and codes").toEqual([
    "updates?after=3 is 410 cursor_gone",
    "updates?after=4 is 200",
    "updates?after=8 is 410 cursor_gone",
    "updates?after=9 is 200",
  ]);
});
