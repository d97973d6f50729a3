import { expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { cutOff, openTab, startBoards, tapTo, visit } from "../tests/board-page.ts";

const shot = (page: { screenshot(o: object): Promise<unknown> }, name: string) =>
  page.screenshot({ path: `/tmp/shots-i/${name}.png` });

browserTest(
  "pictures",
  async () => {
    const server = await startBoards({ isDemo: true } as never);
    const alice = await visit(server, "alice");
    await alice.says("Live");
    const page = alice.page;
    const p = alice.page.locator("[role=menuitem]");
    await alice.choose("Draw the logo", "Move to list", "Done");
    await page.keyboard.press("Control+z");
    await alice.toast("Undone").waitFor();
    await shot(page, "01-undone");
    await page.keyboard.press("Control+Shift+z");
    await alice.toast("Done again").waitFor();
    await shot(page, "02-redone");
    const dialog = await alice.open("Draw the logo");
    const text =
      "See https://example.com/a(b), and http://localhost:1.\nA long line that wraps somewhere because it goes on and on and on: https://example.org/a/long/path?with=query&more=true#end (javascript:alert(1))";
    await dialog.getByLabel("Description").fill(text);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByLabel("Due").fill("2026-11-28");
    await dialog.getByLabel("Assignee").selectOption("bob");
    await dialog.getByLabel("Labels").fill("backend, urgent");
    await page.keyboard.press("Enter");
    await dialog.getByLabel("Write a comment").fill("Look at https://example.com/x. Not data:text/html,x");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("link", { name: "https://example.com/x", exact: true }).waitFor();
    await dialog.getByRole("tab", { name: "Comments" }).focus();
    await shot(page, "03-links");
    await dialog.getByLabel("Description").focus();
    await shot(page, "04-links-focus");
    await dialog.getByRole("button", { name: /Delete the comment/ }).click();
    await dialog.getByRole("tab", { name: "History" }).click();
    await page.waitForTimeout(500);
    await shot(page, "05-history");
    await page.keyboard.press("Escape");
    await alice
      .list("Done")
      .getByRole("button", { name: /^Actions for the list/ })
      .click();
    await p.getByText("Delete list").click();
    await shot(page, "06-delete-list");
    await alice.dialog.getByRole("button", { name: "Delete the list" }).click();
    await page.getByRole("button", { name: "Board menu" }).click();
    await p.getByText("Activity").click();
    await page.waitForTimeout(500);
    await shot(page, "07-activity");
    await alice.dialog.getByRole("button", { name: /^Undo: deleted the list/ }).click();
    await alice.list("Done").waitFor();
    await page.waitForTimeout(300);
    await shot(page, "08-activity-undone");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Board menu" }).click();
    await p.getByText("Members and invitations").click();
    await alice.dialog.getByRole("button", { name: "Link for an editor" }).click();
    await alice.dialog.getByLabel("The link").waitFor();
    const link = await alice.dialog.getByLabel("The link").inputValue();
    const bob = await visit(server, "bob");
    await bob.says("Live");
    await (await bob.open("Draw the logo"))
      .getByLabel("Description")
      .fill("Bob writes a long text\nthat is not saved");
    await alice.dialog.getByRole("button", { name: "Remove Bob" }).click();
    await shot(page, "09-remove");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await bob.page.getByRole("heading", { name: "What you had not saved" }).waitFor();
    await shot(bob.page, "10-removed");
    await page.waitForTimeout(500);
    await shot(page, "11-after-remove");
    expect(await alice.dialog.getByLabel("The link").count()).toBe(0);
    await alice.dialog.getByRole("button", { name: "Link for an editor" }).click();
    await alice.dialog.getByLabel("The link").waitFor();
    const next = await alice.dialog.getByLabel("The link").inputValue();
    const fresh = await alice.context.browser()?.newContext();
    const stranger = await fresh?.newPage();
    if (!stranger) throw new Error();
    await stranger.goto(link);
    await stranger.getByText("not valid").waitFor();
    await stranger.goto(next);
    await stranger.getByText("Create an account").waitFor();
    await shot(stranger, "12-invite");
    await stranger.getByText("Create an account").click();
    await stranger.getByText("or try it as").waitFor();
    await stranger.setViewportSize({ width: 1000, height: 1000 });
    await shot(stranger, "13-invite-new");
    await fresh?.close();
  },
  120_000,
);

browserTest(
  "offline pictures",
  async () => {
    const server = await startBoards();
    const tap = await tapTo(server);
    const alice = await visit(server, "alice", { url: tap.url });
    const { page } = alice;
    await alice.says("Live");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await page.waitForTimeout(3000);
    const back = cutOff(tap);
    await page.waitForTimeout(300);
    await shot(page, "20-connecting");
    await alice.says("Offline");
    await page.getByRole("button", { name: "Connection" }).click();
    await page.waitForTimeout(300);
    await shot(page, "21-offline-panel");
    await page.keyboard.press("Escape");
    await alice.add("To do", "Made offline");
    await page.getByRole("link", { name: "All boards" }).click();
    await page.getByText("1 change waiting").waitFor();
    await shot(page, "22-home-offline");
    const other = await openTab(alice, "/settings");
    await other.page.waitForTimeout(1000);
    await shot(other.page, "23-settings-offline");
    await other.close();
    back();
    await page.getByText("1 change waiting").waitFor({ state: "detached" });
    await page.waitForTimeout(1000);
    await shot(page, "24-home-back");
  },
  120_000,
);
