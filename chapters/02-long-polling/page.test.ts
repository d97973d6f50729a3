import { describe, expect } from "vitest";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { addTask, openPanes } from "../../shared/testing/panes.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";
import { createWaiters } from "./waiters.ts";

describe("the page", () => {
  browserTest("Bob sees Alice's task in well under a second", async () => {
    const { alice, bob, bobsDelay, errors } = await openPanes(createApp(demoBoard()), import.meta.dirname);
    await bob.getByText("live").waitFor();
    await addTask(alice, "alice", "Order the cake");
    await bob.getByText("Order the cake").waitFor();
    await until("the delay", async () => /^up to date(, was \d+ ms behind)?$/.test(await bobsDelay()));
    expect(errors).toEqual([]);
  });

  browserTest("two panes of one browser wait at the same time, not one behind the other", async () => {
    const waiters = createWaiters();
    await openPanes(createApp({ ...demoBoard(), waiters }), import.meta.dirname);
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
