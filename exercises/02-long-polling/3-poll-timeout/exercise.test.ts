import { expect } from "vitest";
import { createWaiters } from "../../../chapters/02-long-polling/waiters.ts";
import { accepted, demoBoard } from "../../../shared/testing/demo-board.ts";
import { type Answer, request } from "../../../shared/testing/exercise-clients.ts";
import { type Log, settled, test, waitFor } from "../../../shared/testing/exercise-test.ts";
import { startServer } from "../../../shared/testing/start-server.ts";
import { createApp } from "./exercise.ts";

/** Your app on a real server, with the demo board, whose log is at 9. */
async function start(log: Log, waitMs: number) {
  const { boards } = demoBoard();
  const waiters = createWaiters();
  const { fetch } = createApp({ boards, waiters, waitMs });
  const { url } = await startServer({ fetch, close: () => waiters.close() });
  /** What Bob has got, in order. */
  const answers: ReturnType<typeof outline>[] = [];

  function ask(boardId: string, after: number, signal?: AbortSignal) {
    const path = `GET /boards/${boardId}/poll?after=${after}`;
    const answer = request(log, "bob", url, path, signal ? { signal } : {}).then(outline);
    // If he hangs up, there is none.
    answer.then(
      (each) => answers.push(each),
      () => {},
    );
    const result = settled("the answer to Bob's question", answer, 1_200);
    // A test that fails before it looks at the answer does not wait for it.
    result.catch(() => {});
    return result;
  }

  return {
    waiters,
    ask,
    isKept: () =>
      waitFor(
        "Bob's question to be kept open",
        () => waiters.size === 1,
        () => answers,
      ),
    addTask(): void {
      const { seq } = accepted(boards.createTask("alice", { listId: "list-todo", title: "Buy paint" }));
      log(`alice adds a task: event ${seq}. All who wait for board-1 are woken`);
      waiters.wake("board-1");
    },
  };
}

/** Of an answer, what Bob goes by. */
function outline({ status, body }: Answer) {
  if (body?.error) return { status, code: body.error.code };
  if (!body?.events) return { status, body };
  return { status, events: body.events.map(({ seq }: { seq: number }) => seq), seq: body.seq };
}

test("what is there already is answered at once", async ({ log }) => {
  const { ask } = await start(log, 200);
  expect(await ask("board-1", 8), "Bob's answer").toEqual({ status: 200, events: [9], seq: 9 });
});

test("if there is nothing, the question is kept open until there is", async ({ log }) => {
  const { ask, isKept, addTask } = await start(log, 1_500);
  const answer = ask("board-1", 9);
  await isKept();
  addTask();
  expect(await answer, "Bob's answer").toEqual({ status: 200, events: [10], seq: 10 });
});

test("if nothing happens for long enough, the answer is 204", async ({ log }) => {
  const { ask } = await start(log, 30);
  log("nothing happens for 30 ms, which is as long as this server waits");
  expect(await ask("board-1", 9), "Bob's answer").toEqual({ status: 204, body: "" });
});

test("a question that cannot be answered is refused at once", async ({ log }) => {
  const { ask } = await start(log, 200);
  const answers = [await ask("board-1", 99), await ask("board-9", 0)];
  expect(answers, "Bob's answers").toEqual([
    { status: 410, code: "cursor_gone" },
    { status: 404, code: "not_found" },
  ]);
});

test("a client that hangs up is forgotten at once", async ({ log }) => {
  const { ask, isKept, waiters } = await start(log, 1_500);
  const hangUp = new AbortController();
  ask("board-1", 9, hangUp.signal);
  await isKept();
  log("bob hangs up");
  hangUp.abort();
  await waitFor(
    "Bob's waiter to be gone",
    () => waiters.size === 0,
    () => `waiters: ${waiters.size}`,
    700,
  );
});

test("a question that is answered at once leaves no waiter behind", async ({ log }) => {
  const { ask, waiters } = await start(log, 1_500);
  await ask("board-1", 7);
  const afterEvents = waiters.size;
  await ask("board-1", 99);
  expect(
    { afterEvents, inTheEnd: waiters.size },
    "how many waiters are left, after events and after a refusal",
  ).toEqual({ afterEvents: 0, inTheEnd: 0 });
});
