// What only a browser can show: Web Locks, BroadcastChannel, IndexedDB, cookies, and pages that are closed, frozen and reloaded.
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest, openPage } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import { bundle } from "../../../shared/web/bundle.ts";
import { startCapstone } from "../../tests/start-capstone.ts";
import type { BoardClient, ClientState } from "./board-client.ts";

declare global {
  var client: BoardClient;
}

const HTML = '<!doctype html><meta charset="utf-8"><script type="module" src="/assets/test.js"></script>';

async function openTabs() {
  const script = await bundle(`
    import { openBoardClient } from "../../capstone/client/sync/board-client.ts";
    import { openOutbox } from "../../capstone/client/sync/indexed-db-outbox.ts";
    import { browserTabs } from "../../capstone/client/sync/tabs.ts";
    const outbox = await openOutbox("alice");
    globalThis.client = openBoardClient({
      boardId: "board-1", userId: "alice", outbox, tabs: browserTabs(),
      askEveryMs: 50, silentAfterMs: 400, saveEveryMs: 50, offlineAfterMs: 200, backoff: { maxMs: 200 },
    });
  `);
  const files = new Map([["/assets/test.js", { type: "text/javascript", body: script, immutable: false }]]);
  const server = await startCapstone({ live: { heartbeatMs: 300 }, client: { html: HTML, files } });
  const cookie = (await server.signIn("alice")).slice("session=".length);
  const prepare = (context: BrowserContext) =>
    context.addCookies([{ name: "session", value: cookie, url: server.url }]);
  const { page, context } = await openPage(server.url, {}, prepare);
  const another = async () => {
    const next = await context.newPage();
    // An address of its own: nothing of it is in the browser's cache.
    await next.goto(`${server.url}/?tab=${context.pages().length}`);
    return next;
  };
  /** As a service worker would. */
  const keepPage = async () => {
    await context.route(`${server.url}/`, (route) => route.fulfill({ contentType: "text/html", body: HTML }));
    await context.route("**/test.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: script }),
    );
  };
  return { server, context, page, another, keepPage };
}

type Seen = Pick<ClientState["status"], "state" | "waiting"> & {
  readonly tasks: readonly string[];
  readonly users: readonly string[];
};

const look = (page: Page): Promise<Seen | undefined> =>
  page.evaluate(() => {
    const state = globalThis.client?.state();
    if (!state) return undefined;
    const tasks = [...(state.view?.tasks.keys() ?? [])];
    return {
      state: state.status.state,
      waiting: state.status.waiting,
      tasks,
      users: [...state.people.users],
    };
  });
const sees = (page: Page, what: string, isThere: (seen: Seen) => boolean | undefined) =>
  until(
    what,
    async () => {
      const seen = await look(page);
      return seen && isThere(seen);
    },
    10_000,
  );
const create = (page: Page, id: string) =>
  page.evaluate(
    (id) => globalThis.client.run({ type: "create_task", task: { id, listId: "list-todo", title: id } }),
    id,
  );

browserTest("three tabs share one socket, and when the leader is closed another one takes over", async () => {
  const { server, page, another } = await openTabs();
  const [second, third] = [await another(), await another()];
  for (const each of [page, second, third]) await sees(each, "live", ({ state }) => state === "live");
  expect(server.app.live.counts().sockets).toBe(1);
  await create(third, "by-the-third");
  for (const each of [page, second]) await sees(each, "it", ({ tasks }) => tasks.includes("by-the-third"));
  await page.close();
  await create(second, "after-the-first");
  for (const each of [second, third]) {
    await sees(each, "live again", ({ state, tasks, users }) => {
      return state === "live" && tasks.includes("after-the-first") && users.includes("alice");
    });
  }
  expect(server.app.live.counts().sockets).toBe(1);
});

browserTest("a leader whose page is frozen does not hold up the others", async () => {
  const { page, another, context } = await openTabs();
  await sees(page, "live", ({ state }) => state === "live");
  const second = await another();
  await sees(second, "live", ({ state }) => state === "live");
  const session = await context.newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await create(second, "while-frozen");
  await sees(second, "sent", ({ state, waiting }) => state === "live" && waiting === 0);
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await sees(page, "it", ({ state, tasks }) => state === "live" && tasks.includes("while-frozen"));
});

browserTest("what is done offline outlives a reload, and is done once", async () => {
  const { server, page, context, keepPage } = await openTabs();
  await sees(page, "live", ({ state }) => state === "live");
  await until("the stored board", () =>
    page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          const opening = indexedDB.open("board-outbox:alice");
          opening.onsuccess = () => {
            const counting = opening.result.transaction("snapshots").objectStore("snapshots").count();
            counting.onsuccess = () => resolve(counting.result === 1);
          };
        }),
    ),
  );
  await keepPage();
  await context.setOffline(true);
  await sees(page, "offline", ({ state }) => state === "offline");
  await create(page, "made-offline");
  await page.reload();
  await sees(
    page,
    "the stored board",
    ({ tasks, waiting }) => tasks.includes("made-offline") && waiting === 1,
  );
  await sees(page, "the truth", ({ state }) => state === "offline");
  await context.setOffline(false);
  await sees(page, "sent", ({ state, waiting }) => state === "live" && waiting === 0);
  const events = await server.store.eventsBefore("board-1", undefined, 50);
  const made = events.filter(
    ({ type, data }) =>
      type === "task_created" && (data as { task: { id: string } }).task.id === "made-offline",
  );
  expect(made).toHaveLength(1);
});
