import { expect } from "vitest";
import { browserTest, openPage } from "../../../shared/testing/browser.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

browserTest("somebody new joins by a link, is removed, and the link does not let them in again", async () => {
  const server = await startBoards();
  const alice = await visit(server, "alice");
  await alice.says("Live");
  await alice.page.getByRole("button", { name: "Board menu" }).click();
  await alice.page.locator("[role=menuitem]").getByText("Members and invitations").click();
  await alice.dialog.getByRole("button", { name: "Link for an editor" }).click();
  const field = alice.dialog.getByLabel("The link");
  await field.waitFor();
  const link = await field.inputValue();

  const { page } = await openPage(link);
  await page.getByRole("link", { name: "Sign in" }).nth(1).waitFor();
  await page.getByRole("link", { name: "Create an account" }).click();
  const signUp = async (userId: string) => {
    await page.getByLabel("User name").fill(userId);
    await page.getByLabel("Your name, as others see it").fill("Dora");
    await page.getByLabel("Password").fill("long enough");
    await page.getByRole("button", { name: "Create the account" }).click();
  };
  // Those who have been let in come first, those who want to look around after them.
  const [form, demo] = await Promise.all(
    ["form", ".demo"].map((selector) => page.locator(selector).boundingBox()),
  );
  expect(form?.y).toBeLessThan(demo?.y ?? 0);
  await signUp("alice");
  await page.getByText("This user name is taken.").waitFor();
  await signUp("dora");
  await page.getByRole("button", { name: "Join as Dora" }).waitFor();
  // A page that somebody arrives at has the focus.
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  await page.getByRole("button", { name: "Join as Dora" }).click();
  await page.getByRole("heading", { name: "Website launch" }).waitFor();

  await alice.dialog.getByRole("button", { name: "Remove Dora" }).click();
  const question = alice.page.getByRole("dialog", { name: "Remove Dora?" });
  await question.getByText("Invitation links that were made so far stop working.").waitFor();
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByRole("heading", { name: "You are not a member of this board" }).waitFor();
  await field.waitFor({ state: "detached" });
  await page.goto(link);
  await page.getByRole("heading", { name: "This invitation is not valid" }).waitFor();
  expect(await server.store.roleOf("dora", "board-1")).toBeUndefined();
});

browserTest("where signing up takes an invitation, nobody is asked to fill in a form in vain", async () => {
  const server = await startBoards({ isSignUpOpen: false });
  const { page } = await openPage(`${server.url}/sign-in?new`);
  await page.getByText("Ask for an invitation").waitFor();
  expect(await page.getByText("Create an account").count()).toBe(0);
  await page.goto(`${server.url}/sign-in?new&next=/invite/some-link`);
  await page.getByRole("heading", { name: "Create an account" }).waitFor();
});
