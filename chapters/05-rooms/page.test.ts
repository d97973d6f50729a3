import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";

describe("the page", () => {
  browserTest("Alice hears that Bob has gone and come back, and both see each other's tasks", async () => {
    const { page, alice, bob, recorder, fault, expectNoErrors } = await openStagePage(
      createApp(demoBoard()),
      import.meta.dirname,
    );
    for (const pane of [alice, bob]) await pane.getByText("live", { exact: true }).waitFor();
    const signals = () =>
      recorder
        .recording()
        .messages.filter(({ summary }) => /"type":"user_(joined|left)".+"userId":"bob"/.test(summary))
        .map(({ summary }) => /user_(joined|left)/.exec(summary)?.[1]);
    const before = signals().length; // Bob may have been there first
    await fault("Cut").click();
    await until("both signals", () => signals().length === before + 2, 10_000);
    expect(signals().slice(before)).toEqual(["left", "joined"]);
    await bob.getByText("live", { exact: true }).waitFor();
    await addTask(bob, "bob", "From Bob");
    await alice.getByText("From Bob").waitFor();
    await addTask(alice, "alice", "From Alice");
    await bob.getByText("From Alice").waitFor();
    expect(await page.title()).toContain("Rooms");
    expectNoErrors();
  });
});
