import { describe, expect } from "vitest";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";
import { createWaiters } from "./waiters.ts";

describe("the page", () => {
  browserTest("Bob sees Alice's task in well under a second", async () => {
    const { database } = demoBoard();
    const server = await startServer(withPage(createApp({ database }), import.meta.dirname));
    const { page, errors } = await openPage(server.url);
    const alice = page.frameLocator('iframe[title="The board as Alice sees it"]');
    const bob = page.frameLocator('iframe[title="The board as Bob sees it"]');
    await bob.getByText("live").waitFor();
    const input = alice.getByLabel("New task in To do, as alice");
    await input.fill("Order the cake");
    await input.press("Enter");
    await bob.getByText("Order the cake").waitFor();
    const delay = page.getByLabel("Bob").locator(".delay");
    await until("the delay", async () =>
      /^up to date(, was \d+ ms behind)?$/.test((await delay.textContent()) ?? ""),
    );
    expect(errors).toEqual([]);
  });

  browserTest("two panes of one browser wait at the same time, not one behind the other", async () => {
    const { database } = demoBoard();
    const waiters = createWaiters();
    const server = await startServer(withPage(createApp({ database, waiters }), import.meta.dirname));
    await openPage(server.url);
    await until("both questions to be open", () => waiters.size === 2);
  });

  browserTest("a server that comes back with another database gives both a fresh board", async () => {
    const first = await startServer(withPage(createApp(demoBoard()), import.meta.dirname), { graceMs: 100 });
    const { page } = await openPage(`${first.url}/board?user=bob`);
    await page.getByText("live").waitFor();
    await first.close();
    await page.getByText("not connected, trying again").waitFor();
    const { database, boards } = demoBoard();
    boards.createTask("alice", { listId: "list-doing", title: "Only in the new one" });
    await startServer(withPage(createApp({ database }), import.meta.dirname), { port: first.port });
    await page.getByText("Only in the new one").waitFor();
    await page.getByText("live").waitFor();
  });
});
