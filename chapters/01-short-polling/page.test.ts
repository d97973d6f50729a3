import { expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { addTask, openPanes } from "../../shared/testing/panes.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";

browserTest("Alice's new task appears in Bob's pane without a reload, within an interval", async () => {
  const { alice, bob, bobsDelay, errors } = await openPanes(createApp(demoBoard()), import.meta.dirname);
  await bob.getByText("live").waitFor();
  await addTask(alice, "alice", "Order the cake");
  await bob.getByText("Order the cake").waitFor();
  const delay = await until("the delay", async () => /was ([\d.]+) (m?s) behind/.exec(await bobsDelay()));
  const behindMs = Number(delay[1]) * (delay[2] === "s" ? 1_000 : 1);
  expect(behindMs).toBeLessThan(2_600); // 2.2 s and what the machine adds
  expect(errors).toEqual([]);
});
