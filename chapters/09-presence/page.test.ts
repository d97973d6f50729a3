import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";

describe("the page", () => {
  browserTest("shows who is here and who is editing what, and a reload is no leave", async () => {
    const { database } = demoBoard();
    const app = createApp({ database });
    const { page, alice, bob, recorder } = await openStagePage(app, import.meta.dirname);
    const here = () => alice.getByRole("list", { name: "Here now" }).getByRole("listitem").allTextContents();
    await until("both to be here", async () => (await here()).length === 2);
    expect(await here()).toEqual(["AAlice", "BBob"]);

    await bob.getByRole("button", { name: "Draw the logo", exact: true }).click();
    await alice.getByText("Bob is editing this task").waitFor();
    // Also while he only thinks.
    await page.waitForTimeout(6_000);
    expect(await alice.getByText("Bob is editing this task").count()).toBe(1);
    await bob.getByLabel("Title").press("Escape");
    await alice.getByText("Bob is editing this task").waitFor({ state: "detached" });
    await bob.getByLabel("New task in To do, as bob").pressSequentially("Or");
    await alice.getByText("Bob is typing").waitFor();

    const left = () =>
      recorder.recording().messages.filter(({ summary }) => summary.includes('"type":"user_left"')).length;
    await page
      .frame({ url: /bob\.course/ })
      ?.goto((page.frame({ url: /bob\.course/ }) as { url(): string }).url());
    await bob.getByText("live", { exact: true }).waitFor();
    await alice.getByText("Bob is typing").waitFor({ state: "detached" });
    expect([await here(), left()]).toEqual([["AAlice", "BBob"], 0]);
  });
});
