import { describe } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { createApp } from "./app.ts";

describe("the page", () => {
  browserTest("works as before: the routes have changed, and nobody can tell", async () => {
    const { database } = demoBoard();
    const { alice, bob, fault } = await openStagePage(createApp({ database }), import.meta.dirname);
    for (const pane of [alice, bob]) await pane.getByText("live", { exact: true }).waitFor();
    await addTask(bob, "bob", "From Bob");
    await alice.getByText("From Bob").waitFor();
    await fault("Cut").click();
    await addTask(alice, "alice", "From Alice");
    await bob.getByText("From Alice").waitFor();
  });
});
