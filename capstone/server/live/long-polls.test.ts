import { expect, test } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { EPOCH } from "./memory-store.ts";
import { createTestLive, type TestLiveOptions } from "./test-live.ts";

const BOARD = "board-1";

function createPolls(options?: TestLiveOptions) {
  const bench = createTestLive(options);
  const poll = (after: string, user = "alice", hangUp = new AbortController()) =>
    bench.fetch(
      new Request(`http://host/boards/${BOARD}/poll?after=${after}&user=${user}`, { signal: hangUp.signal }),
    );
  return { ...bench, poll };
}

test("there are events: they are answered at once, and whether there are more", async () => {
  const { poll, rename } = createPolls();
  for (let each = 0; each < 130; each += 1) rename(BOARD);
  const response = await poll("0");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const { events, seq, more } = await response.json();
  expect([events.length, seq, more]).toEqual([128, 128, true]);
  const next = await (await poll(`${EPOCH}:128`)).json();
  expect([next.events.map((event: { seq: number }) => event.seq), next.seq, next.more]).toEqual([
    [129, 130],
    130,
    false,
  ]);
});

test("there are none: the answer comes with the next, for all who wait, with all of that turn", async () => {
  const { poll, rename, live } = createPolls();
  const answers = [poll("0"), poll(`${EPOCH}:0`, "bob")];
  await until("the questions", () => live.counts().polls === 2);
  live.people.refresh(BOARD, "some connection", "carol");
  rename(BOARD);
  rename(BOARD);
  const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
  expect(JSON.parse(texts[0] ?? "")).toMatchObject({ events: [{ seq: 1 }, { seq: 2 }], seq: 2, more: false });
  expect(texts[1]).toBe(texts[0]);
  expect(live.counts()).toMatchObject({ polls: 0, boards: 0 });
});

test("what happens while the log is read is not missed", async () => {
  const { poll, rename, memory } = createPolls({ settings: { waitMs: 2_000 } });
  let isFirst = true;
  memory.wait = async (when) => {
    // The head is known, and nobody has been told yet.
    if (when === "after" && isFirst) {
      isFirst = false;
      rename(BOARD);
    }
  };
  expect((await (await poll("0")).json()).seq).toBe(1);
});

test("nothing happens: 204, and the permission is given back; so it is when the client hangs up", async () => {
  const { poll, permissions, live } = createPolls({ settings: { waitMs: 30 } });
  const answer = poll("0");
  await until("the question", () => permissions.size === 1);
  expect((await answer).status).toBe(204);
  const hangUp = new AbortController();
  const left = poll("0", "alice", hangUp);
  await until("the question", () => permissions.size === 1);
  hangUp.abort();
  await left;
  expect(permissions.size).toBe(0);
  expect(live.counts()).toMatchObject({ polls: 0, boards: 0 });
});

test("a cursor that cannot be honoured is 410, a board of others 404, one question too many 429", async () => {
  const { poll, rename, live } = createPolls({ maxOfUser: 1 });
  rename(BOARD);
  for (const after of ["2", "other:1"]) {
    const refused = await poll(after);
    expect([refused.status, (await refused.json()).error.code]).toEqual([410, "cursor_gone"]);
  }
  expect((await poll("0", "mallory")).status).toBe(404);
  void poll("1");
  await until("the question", () => live.counts().polls === 1);
  expect((await poll("1")).status).toBe(429);
  await live.close();
});

test("who is removed while waiting is told that there is no such board, and who signs out 401", async () => {
  const { poll, commit, live, permissions, sessionOf } = createPolls();
  const bob = poll("0", "bob");
  const carol = poll("0", "carol");
  await until("the questions", () => live.counts().polls === 2);
  permissions.endSession(sessionOf("carol").id);
  expect((await carol).status).toBe(401);
  commit(BOARD, { type: "member_removed", data: { userId: "bob" } });
  expect((await bob).status).toBe(404);
});

test("closing answers everybody who waits, at once", async () => {
  const { poll, live } = createPolls();
  const answer = poll("0");
  await until("the question", () => live.counts().polls === 1);
  await live.close();
  expect((await answer).status).toBe(204);
});
