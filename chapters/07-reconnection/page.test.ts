import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { until } from "../../shared/testing/until.ts";
import { type AppOptions, createApp } from "./app.ts";

async function openChapter(options: Partial<AppOptions> = {}) {
  const { database, boards } = demoBoard();
  const app = createApp({ database, heartbeatMs: 300, ...options });
  const stage = await openStagePage(app, import.meta.dirname);
  for (const pane of [stage.alice, stage.bob]) await pane.getByText("live", { exact: true }).waitFor();
  return { app, boards, ...stage };
}

describe("the page", () => {
  browserTest(
    "Bob is frozen, Alice goes on, Bob is thawed: he has everything, and his own changes arrive",
    async () => {
      const { alice, bob, fault, boards } = await openChapter();
      await fault("Freeze").click();
      await addTask(alice, "alice", "While Bob is frozen");
      await bob.getByText("not connected, trying again").waitFor();
      await addTask(bob, "bob", "Typed in the dark");
      await bob.getByText("1 of your changes will be sent").waitFor();
      await fault("Freeze").click();
      await bob.getByText("While Bob is frozen").waitFor({ timeout: 30_000 });
      await alice.getByText("Typed in the dark").waitFor({ timeout: 30_000 });
      const titles = snapshotOf(boards).tasks.map(({ title }) => title);
      expect(titles.filter((title) => title === "Typed in the dark")).toHaveLength(1);
    },
  );

  browserTest("the lesson's button freezes Bob, and he catches up when it ends", async () => {
    const { page, alice, bob, tap } = await openChapter();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await until("the freeze", () => tap.rules.length > 0);
    await addTask(alice, "alice", "Order the cake");
    await bob.getByText("not connected, trying again").waitFor();
    expect(await bob.getByText("Order the cake").count()).toBe(0);
    await until("the end of the freeze", () => tap.rules.length === 0, 15_000);
    await bob.getByText("Order the cake").waitFor({ timeout: 20_000 });
  });

  browserTest("cut in the middle of his changes, Bob loses none and makes none twice", async () => {
    const { alice, bob, fault, boards } = await openChapter();
    for (let each = 1; each <= 5; each += 1) {
      await addTask(bob, "bob", `Change ${each}`);
      if (each % 2 === 0) await fault("Cut").click();
    }
    await alice.getByText("Change 5").waitFor({ timeout: 20_000 });
    const mine = () =>
      snapshotOf(boards)
        .tasks.map(({ title }) => title)
        .filter((title) => title.startsWith("Change"));
    await until("all changes", () => mine().length === 5, 20_000);
    expect(mine()).toEqual(["Change 1", "Change 2", "Change 3", "Change 4", "Change 5"]);
  });

  browserTest(
    "a command that was sent into the dark is on the wire twice, with one key, and made once",
    async () => {
      const { alice, bob, fault, recorder } = await openChapter({ heartbeatMs: 25_000 });
      await fault("Freeze").click();
      await addTask(bob, "bob", "Into the dark");
      const keys = () =>
        recorder
          .recording()
          .messages.flatMap(({ summary }) => /"type":"create_task".*"key":"(\w+)"/.exec(summary)?.[1] ?? []);
      await until("the command", () => keys().length === 1);
      await fault("Cut").click();
      await fault("Freeze").click();
      await alice.getByText("Into the dark").waitFor({ timeout: 20_000 });
      expect(keys()).toEqual([keys()[0], keys()[0]]);
      expect(await alice.getByText("Into the dark").count()).toBe(1);
    },
  );

  browserTest(
    "after an absence that the log does not reach back to, Bob's board is loaded anew",
    async () => {
      const { alice, bob, fault, recorder } = await openChapter({ keepEvents: 2 });
      await fault("Freeze").click();
      await bob.getByText("not connected, trying again").waitFor();
      for (let each = 1; each <= 5; each += 1) await addTask(alice, "alice", `Alice ${each}`);
      await alice.getByText("Alice 5").waitFor();
      await fault("Freeze").click();
      await bob.getByText("Alice 5").waitFor({ timeout: 30_000 });
      await bob.getByText("live", { exact: true }).waitFor();
      const resets = recorder
        .recording()
        .messages.filter(({ summary }) => summary.includes('"type":"reset"'));
      expect(resets).toHaveLength(1);
    },
  );
});
