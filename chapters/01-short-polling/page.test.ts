import { expect } from "vitest";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";

browserTest("Alice's new task appears in Bob's pane without a reload, within an interval", async () => {
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
  const text = await until("the delay", async () =>
    /was ([\d.]+) (m?s) behind/.exec((await delay.textContent()) ?? ""),
  );
  const behindMs = Number(text[1]) * (text[2] === "s" ? 1_000 : 1);
  expect(behindMs).toBeLessThan(2_600); // 2.2 s and what the machine adds
  expect(errors).toEqual([]);
});
