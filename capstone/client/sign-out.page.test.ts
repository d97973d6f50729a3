import { expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import { type BoardPage, cutOff, openTab, startBoards, tapTo, visit } from "../tests/board-page.ts";

async function chooseSignOut({ page }: BoardPage): Promise<void> {
  await page.getByRole("button", { name: "Account of Alice" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}

browserTest("whoever signs out while changes wait is asked, and can stay", async () => {
  const server = await startBoards();
  const tap = await tapTo(server);
  const alice = await visit(server, "alice", { url: tap.url });
  await alice.says("Live");
  const reconnect = cutOff(tap);
  await alice.add("Doing", "Order the cake");
  await alice.says("Offline — 1 change waiting");
  await chooseSignOut(alice);
  const question = alice.page.getByRole("dialog", { name: "Sign out?" });
  await question.getByText("1 change has not reached the server. Sign out and lose it?").waitFor();
  await question.getByRole("button", { name: "Stay signed in" }).click();
  await alice.says("Offline — 1 change waiting");
  reconnect();
  const bob = await visit(server, "bob");
  await bob.card("Order the cake").waitFor();
});

browserTest("signing out in one tab leaves nothing on the device, and no tab behind", async () => {
  const server = await startBoards();
  const alice = await visit(server, "alice");
  const other = await openTab(alice);
  await other.says("Live");
  const dialog = await alice.open("Draw the logo");
  await dialog.getByLabel("Description").fill("For our eyes only");
  await alice.page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Close" }).click();
  await alice.open("Write the release notes");
  await alice.dialog.getByLabel("Description").fill("For our eyes only");
  await alice.dialog.getByRole("button", { name: "Close" }).click();
  await chooseSignOut(alice);
  await alice.dialog.getByText("1 text is written but not saved.").waitFor();
  await alice.dialog.getByRole("button", { name: "Sign out and lose it" }).click();
  await alice.page.getByRole("heading", { name: "Sign in" }).waitFor();
  await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
  await until("the device to be empty", async () => {
    const left = await alice.page.evaluate(async () => [
      ...(await indexedDB.databases()).map(({ name }) => name),
      ...Object.keys(localStorage),
      ...Object.keys(sessionStorage),
    ]);
    return left.length === 0;
  });
  await other.page.goBack();
  expect(await other.page.locator("[data-task-id]").count()).toBe(0);
});
