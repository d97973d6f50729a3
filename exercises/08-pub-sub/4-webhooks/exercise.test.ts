import { createHmac } from "node:crypto";
import { expect, onTestFinished, vi } from "vitest";
import type { BoardEvent } from "../../../shared/events.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createDelivery, type Headers, type Hook, isSigned } from "./exercise.ts";

const SECRET = "a secret of sixteen";
const URL_OF_HOOK = "https://example.com/hook";
const START_MS = Date.parse("2026-11-21T08:00:00.500Z");
const START_SECONDS = 1_795_248_000;
const RETRY_MS = 10_000;

/** After so many posts the receiver answers no more: an answer that posts for ever ends its test. */
const MOST_POSTS = 30;

type Status = number | "no answer" | "hangs";

/** A log whose next event is event 10, and a receiver that answers one status after another, and then 204. */
function hookOfTest(log: Log, ...statuses: Status[]) {
  vi.useFakeTimers({ now: START_MS });
  onTestFinished(() => void vi.useRealTimers());
  const events: BoardEvent[] = [];
  const posts: { url: string; headers: Headers; body: string }[] = [];
  const hook: Hook = {
    id: "hook-1",
    url: URL_OF_HOOK,
    secret: SECRET,
    cursor: 9,
    failures: 0,
    isDisabled: false,
  };
  let underWay = 0;
  let most = 0;
  async function post(url: string, headers: Headers, body: string): Promise<number> {
    posts.push({ url, headers, body });
    const status = posts.length > MOST_POSTS ? "hangs" : (statuses[posts.length - 1] ?? 204);
    underWay += 1;
    most = Math.max(most, underWay);
    log(`post of event ${JSON.parse(body).seq} → ${status}`);
    if (status === "hangs") return new Promise(() => {});
    await Promise.resolve();
    underWay -= 1;
    if (status === "no answer") throw new Error("the connection was refused");
    return status;
  }
  return {
    hook,
    posts,
    seqs: () => posts.map(({ body }) => JSON.parse(body).seq),
    most: () => most,
    /** Like a start of the process. */
    open: () =>
      createDelivery({
        hook,
        eventAfter: (seq) => events.find((event) => event.seq > seq),
        post,
        now: Date.now,
        retryMs: RETRY_MS,
        maxFailures: 3,
      }),
    commit() {
      const seq = 10 + events.length;
      const at = "2026-11-21T08:00:00.000Z";
      const data = { name: `Launch ${seq}` };
      log(`event ${seq} is committed`);
      events.push({ seq, type: "board_renamed", boardId: "board-1", actorId: "alice", at, data });
    },
    async pass(ms: number) {
      if (ms > 0) log(`${ms / 1_000} s pass`);
      await vi.advanceTimersByTimeAsync(ms);
    },
  };
}

function hmac(text: string): string {
  return `v1,${createHmac("sha256", SECRET).update(text).digest("base64")}`;
}

/** A message as a sender makes it, perhaps changed on its way. */
function message(body: string, timestamp = START_SECONDS, changed: Headers = {}): Headers {
  const signature = hmac(`hook-1:10.${timestamp}.${body}`);
  const headers = { "webhook-id": "hook-1:10", "webhook-timestamp": String(timestamp) };
  return { ...headers, "webhook-signature": signature, ...changed };
}

/** What a receiver says to a message. */
function verdict(log: Log, what: string, headers: Headers, body: string): string {
  let said: string;
  try {
    said = isSigned(SECRET, headers, body, START_SECONDS) ? "believed" : "refused";
  } catch (error) {
    said = `threw ${(error as Error).name}`;
  }
  log(`the receiver gets ${what}: ${said}`);
  return said;
}

test("an event arrives with its id, its time and its signature", async ({ log }) => {
  const { open, commit, posts, pass } = hookOfTest(log);
  const delivery = open();
  commit();
  delivery.deliver();
  await pass(0);
  const body =
    '{"seq":10,"type":"board_renamed","boardId":"board-1","actorId":"alice","at":"2026-11-21T08:00:00.000Z","data":{"name":"Launch 10"}}';
  const headers = expect.objectContaining({
    "webhook-id": "hook-1:10",
    "webhook-timestamp": String(START_SECONDS),
    "webhook-signature": hmac(`hook-1:10.${START_SECONDS}.${body}`),
  });
  expect(posts, "what was posted").toEqual([{ url: URL_OF_HOOK, headers, body }]);
});

test("a receiver believes what was signed, as it came, and nothing else", ({ log }) => {
  const body = '{ "seq": 10, "amount": 1.0 }';
  const headers = message(body);
  const verdicts = {
    genuine: verdict(log, "a genuine message", headers, body),
    otherBody: verdict(log, "one with another body", headers, body.replace("10", "11")),
    otherId: verdict(log, "one with another id", { ...headers, "webhook-id": "hook-1:11" }, body),
    otherTime: verdict(
      log,
      "one with another time",
      message(body, START_SECONDS - 5, { "webhook-timestamp": String(START_SECONDS) }),
      body,
    ),
    shortSignature: verdict(
      log,
      "one with half a signature",
      { ...headers, "webhook-signature": headers["webhook-signature"]?.slice(0, 20) ?? "" },
      body,
    ),
    noHeaders: verdict(log, "one without headers", {}, body),
  };
  expect(verdicts, "what the receiver says to each message").toEqual({
    genuine: "believed",
    otherBody: "refused",
    otherId: "refused",
    otherTime: "refused",
    shortSignature: "refused",
    noHeaders: "refused",
  });
});

test("a message that is too old, or from the future, is not believed", ({ log }) => {
  const verdicts = [-301, -300, 300, 301].map((offset) => {
    const headers = message("{}", START_SECONDS + offset);
    return `${offset} s: ${verdict(log, `a message of ${offset} s from now`, headers, "{}")}`;
  });
  expect(verdicts, "what the receiver says to messages of other times").toEqual([
    "-301 s: refused",
    "-300 s: believed",
    "300 s: believed",
    "301 s: refused",
  ]);
});

test("events arrive one at a time, in order, also those that come meanwhile", async ({ log }) => {
  const { open, commit, seqs, most, pass } = hookOfTest(log);
  const delivery = open();
  commit();
  commit();
  delivery.deliver();
  commit();
  delivery.deliver();
  await pass(0);
  const found = { seqs: seqs(), mostAtOnce: most() };
  expect(found, "the seqs that were posted, and how many posts were under way at once").toEqual({
    seqs: [10, 11, 12],
    mostAtOnce: 1,
  });
});

test("what fails is posted again later, under the same id, and the next event waits for it", async ({
  log,
}) => {
  const { open, commit, posts, pass } = hookOfTest(log, 302, "no answer");
  const delivery = open();
  commit();
  commit();
  delivery.deliver();
  await pass(5_000);
  log("somebody calls deliver()");
  delivery.deliver();
  await pass(5_000);
  await pass(10_000);
  const sent = posts.map(({ headers }) => {
    const { "webhook-id": id, "webhook-timestamp": timestamp } = headers;
    const signature = hmac(`${id}.${timestamp}.${posts.find((each) => each.headers === headers)?.body}`);
    const isRight = headers["webhook-signature"] === signature;
    return `${Number(timestamp) - START_SECONDS} s: ${id}${isRight ? "" : ", signature is wrong"}`;
  });
  expect(sent, "what was posted: its time since the start, and its id").toEqual([
    "0 s: hook-1:10",
    "10 s: hook-1:10",
    "20 s: hook-1:10",
    "20 s: hook-1:11",
  ]);
});

test("an event whose delivery was interrupted is posted again after a restart", async ({ log }) => {
  const { hook, open, commit, seqs, pass } = hookOfTest(log, 202, "hangs");
  commit();
  commit();
  open().deliver();
  await pass(0);
  log("the process ends, and another one begins");
  open().deliver();
  await pass(0);
  const found = { seqs: seqs(), cursor: hook.cursor };
  expect(found, "the seqs that were posted, and the hook's cursor").toEqual({
    seqs: [10, 11, 11],
    cursor: 11,
  });
});

test("after a 410 nothing more is posted", async ({ log }) => {
  const { hook, open, commit, seqs, pass } = hookOfTest(log, 410);
  const delivery = open();
  commit();
  commit();
  delivery.deliver();
  await pass(60_000);
  delivery.deliver();
  await pass(0);
  log("the process ends, and another one begins");
  open().deliver();
  await pass(60_000);
  const found = { seqs: seqs(), isDisabled: hook.isDisabled, cursor: hook.cursor };
  expect(found, "the seqs that were posted, and the hook").toEqual({
    seqs: [10],
    isDisabled: true,
    cursor: 9,
  });
});

test("after so many failures in a row the hook is disabled, after fewer it is not", async ({ log }) => {
  const { hook, open, commit, seqs, pass } = hookOfTest(log, 500, 404, 200, 500, 404, 500, 500);
  const delivery = open();
  commit();
  commit();
  delivery.deliver();
  await pass(60_000);
  const found = { seqs: seqs(), isDisabled: hook.isDisabled, failures: hook.failures };
  expect(found, "the seqs that were posted, and the hook").toEqual({
    seqs: [10, 10, 10, 11, 11, 11],
    isDisabled: true,
    failures: 3,
  });
});

test("failures in a row are counted across a restart", async ({ log }) => {
  const { hook, open, commit, seqs, pass } = hookOfTest(log, 500, 500, 500, 500);
  commit();
  open().deliver();
  await pass(RETRY_MS);
  log("the process ends, and another one begins");
  vi.clearAllTimers();
  open().deliver();
  await pass(60_000);
  const found = { seqs: seqs(), isDisabled: hook.isDisabled, failures: hook.failures };
  expect(found, "the seqs that were posted, and the hook").toEqual({
    seqs: [10, 10, 10],
    isDisabled: true,
    failures: 3,
  });
});
