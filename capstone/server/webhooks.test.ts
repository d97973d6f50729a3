import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../shared/testing/until.ts";
import type { StartOptions } from "../tests/start-capstone.ts";
import { openCapstone } from "./testing/people.ts";
import { createWebhooks } from "./webhooks.ts";

interface Delivered {
  readonly headers: IncomingMessage["headers"];
  // biome-ignore lint/suspicious/noExplicitAny: an event, or a reset
  readonly body: any;
  readonly text: string;
}

/** A receiver that keeps what it gets, and answers as it is told. */
async function receiver() {
  const got: Delivered[] = [];
  const statuses: number[] = [];
  let busy = 0;
  let mostAtOnce = 0;
  const server = createServer(async (request, response) => {
    busy += 1;
    mostAtOnce = Math.max(mostAtOnce, busy);
    let text = "";
    for await (const chunk of request) text += chunk;
    got.push({ headers: request.headers, body: JSON.parse(text), text });
    busy -= 1;
    response.writeHead(statuses.shift() ?? 204).end();
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    url,
    got,
    statuses,
    connections: () => connections,
    most: () => mostAtOnce,
    seqs: () => got.map(({ body }) => body.seq),
  };
}

const SECRET = "sixteen letters!";
const FAST = { allowPrivate: true, minRetryMs: 1, maxRetryMs: 5 };

async function hooked(webhooks: StartOptions["webhooks"] = FAST, options: StartOptions = {}) {
  const target = await receiver();
  const capstone = await openCapstone({ webhooks, ...options });
  const alice = await capstone.signedIn("alice");
  const add = (url = target.url) => alice.ask("POST", "/boards/board-1/webhooks", { url, secret: SECRET });
  const rename = async (name: string) => {
    const { headers } = await alice.ask("PATCH", "/boards/board-1", { name });
    return Number(headers.get("board-seq"));
  };
  return { ...capstone, target, alice, add, rename };
}

test("a hook hears of every event from now on, in order, one at a time, signed", async () => {
  const { target, add, rename, store } = await hooked();
  const made = await add();
  expect(made.status).toBe(201);
  expect(made.text).not.toContain(SECRET);
  const seqs = await Promise.all(["a", "b", "c", "d"].map(rename));
  await until("all have come", () => target.got.length === 4);
  expect(target.seqs()).toEqual(seqs.sort((a, b) => a - b));
  expect(target.most()).toBe(1);
  const { headers, text } = target.got[0] as Delivered;
  expect(headers["webhook-id"]).toBe(`${made.body.id}:${seqs[0]}`);
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
  expect(headers["webhook-signature"]).toBe(
    `v1,${createHmac("sha256", SECRET).update(signed).digest("base64")}`,
  );
  await until("the cursor is there", async () => (await store.webhook(made.body.id))?.cursor === seqs.at(-1));
});

test("a secret that the server has made is shown once, and the library of Standard Webhooks takes it", async () => {
  const { target, alice, rename } = await hooked();
  const made = await alice.ask("POST", "/boards/board-1/webhooks", { url: target.url });
  const { secret } = made.body;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await alice.ask("GET", "/boards/board-1/webhooks")).text).not.toContain(secret);
  await rename("signed");
  await until("it has come", () => target.got.length === 1);
  const { headers, text } = target.got[0] as Delivered;
  const verified = new Webhook(secret).verify(text, headers as Record<string, string>);
  expect(verified).toMatchObject({ type: "board_renamed", data: { name: "signed" } });
  expect(() =>
    new Webhook(secret).verify(text.replace("signed", "forged"), headers as Record<string, string>),
  ).toThrow();
});

test("an event that is committed while the log is read is not overlooked", async () => {
  const { target, add, rename, store } = await hooked();
  await add();
  const { eventsAfter } = store;
  let late: Promise<number> | undefined;
  store.eventsAfter = async (...query) => {
    const page = await eventsAfter(...query);
    const isEnd = "events" in page && page.events.length === 0;
    // The end has been seen, and is none any more when its reader hears of it.
    if (isEnd && !late) {
      late = rename("late");
      await late;
    }
    return page;
  };
  const first = await rename("first");
  const second = await until("the second one is on its way", () => late);
  await until("both have come", () => target.got.length === 2);
  expect(target.seqs()).toEqual([first, second]);
});

test("what is not acknowledged is sent again, until it is", async () => {
  const { target, add, rename, store } = await hooked();
  target.statuses.push(500, 302);
  const made = await add();
  const [first, second] = [await rename("a"), await rename("b")];
  await until("both have come", () => target.got.length === 4);
  expect(target.seqs()).toEqual([first, first, first, second]);
  await until("it is in order again", async () => (await store.webhook(made.body.id))?.failures === 0);
});

test("a hook that fails too often, or answers 410, is disabled; and goes on where it was", async () => {
  const { target, alice, add, rename } = await hooked({ ...FAST, maxFailures: 2 });
  target.statuses.push(500, 500);
  const made = await add();
  const seq = await rename("a");
  const hook = async () => (await alice.ask("GET", "/boards/board-1/webhooks")).body.webhooks[0];
  await until("it is disabled", async () => (await hook()).disabledAt !== null);
  expect(await hook()).toMatchObject({ id: made.body.id, failures: 2, cursor: seq - 1 });
  target.statuses.push(410);
  const path = `/boards/board-1/webhooks/${made.body.id}`;
  expect((await alice.ask("PATCH", path, { enabled: true })).status).toBe(204);
  await until("it has said 410", async () => target.got.length === 3 && (await hook()).disabledAt !== null);
  expect((await alice.ask("PATCH", path, { enabled: true })).status).toBe(204);
  await until("it has taken it", async () => (await hook()).cursor === seq);
  expect((await alice.ask("DELETE", path)).status).toBe(204);
  expect((await alice.ask("DELETE", path)).said).toBe("404 not_found");
});

test("a hook that comes back after the log was pruned is told so, and goes on from there", async () => {
  const { target, alice, add, rename } = await hooked(FAST, { storeOptions: { keepEvents: 5 } });
  target.statuses.push(410);
  const made = await add();
  await rename("first");
  await until("it is disabled", () => target.got.length === 1);
  let head = 0;
  for (let index = 0; index < 20; index += 1) head = await rename(`name ${index}`);
  await alice.ask("PATCH", `/boards/board-1/webhooks/${made.body.id}`, { enabled: true });
  await until("it has been told", () => target.got.length === 2);
  expect(target.got[1]?.body).toMatchObject({ type: "reset", boardId: "board-1", seq: head });
  const next = await rename("next");
  await until("it goes on", () => target.seqs().at(-1) === next);
});

test("where nobody said otherwise, private addresses are refused", async () => {
  const { add, target } = await hooked({});
  for (const url of [
    target.url,
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://10.0.0.1/",
    "https://a:b@example.com/",
    "x",
  ]) {
    expect((await add(url)).said, url).toBe("400 bad_input");
  }
  expect((await add("https://hooks.example.com/board")).status).toBe(201);
});

test("a name that turns out to be private is not sent to", async () => {
  const target = await receiver();
  const { alice, add, rename } = await hooked({ minRetryMs: 1, maxRetryMs: 5, maxFailures: 2 });
  expect((await add(target.url.replace("http:", "https:").replace("127.0.0.1", "localhost"))).status).toBe(
    201,
  );
  await rename("a");
  const hook = async () => (await alice.ask("GET", "/boards/board-1/webhooks")).body.webhooks[0];
  await until("it is disabled", async () => (await hook()).disabledAt !== null);
  expect(target.connections()).toBe(0);
});

test("of two nodes one delivers, and what it leaves the other one takes over", async () => {
  const { app, target, store, rename, add } = await hooked();
  const made = await add();
  let leads = false;
  const other = createWebhooks({ store, ...FAST, mayDeliver: () => leads });
  onTestFinished(() => other.close());
  const first = await rename("a");
  await other.start();
  expect(other.active, "it is not its turn").toBe(0);
  await until("it is written down", async () => (await store.webhook(made.body.id))?.cursor === first);
  app.webhooks.close();
  const second = await rename("b");
  leads = true;
  await other.start();
  await until("the other one has delivered", () => target.got.length === 2);
  expect(target.seqs()).toEqual([first, second]);
});

test("what was not delivered before a restart is delivered after it", async () => {
  const { target, store, app, rename, add } = await hooked();
  await add();
  app.webhooks.close();
  const seq = await rename("while it was away");
  const next = createWebhooks({ store, ...FAST });
  onTestFinished(() => next.close());
  await next.start();
  await until("it has come", () => target.seqs().includes(seq));
});

test("a board has a limit", async () => {
  const { add } = await hooked();
  for (let index = 0; index < 10; index += 1) expect((await add()).status).toBe(201);
  expect((await add()).said).toBe("409 limit_reached");
});
