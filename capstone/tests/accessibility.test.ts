import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { type BoardPage, startBoards, visit } from "./board-page.ts";

const SCHEMES = ["light", "dark"] as const;

/** What is wrong, where, and how to mend it. */
async function violationsOn(page: Page, part: string): Promise<string[]> {
  // What fades in is not there yet: its colours are those of a moment.
  await page.evaluate(() => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    return Promise.allSettled(ending.map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`),
  );
}

async function openInScheme(colorScheme: (typeof SCHEMES)[number], path?: string) {
  const server = await startBoards();
  const alice = await visit(server, "alice", { context: { colorScheme }, ...(path && { path }) });
  return { server, alice };
}

/** @param part a selector: what is new on the page since it was looked at last */
async function expectClean({ page }: Pick<BoardPage, "page">, part = "html"): Promise<void> {
  expect(await violationsOn(page, part)).toEqual([]);
}

describe.each(SCHEMES)("in %s colours, axe finds nothing to say against", (colorScheme) => {
  browserTest("the board, with a menu, a filter, a message and somebody else on it", async () => {
    const { server, alice } = await openInScheme(colorScheme);
    const bob = await visit(server, "bob");
    await alice.says("Live");
    await bob.open("Draw the logo");
    await bob.dialog.getByLabel("Description").pressSequentially("x");
    await alice.card("Draw the logo").getByText("Bob is editing").waitFor();
    await alice.page.getByLabel("Bob is here").waitFor();
    await alice.choose("Buy the domain", "Delete");
    await alice.toast("was deleted").waitFor();
    await alice.list("Done").getByRole("button", { name: "Add a card to Done" }).click();
    await expectClean(alice);
    await alice.choose("Choose the typeface");
    await expectClean(alice, "[role=menu]");
    await alice.page.keyboard.press("Escape");
    await alice.page.getByRole("button", { name: "Connection" }).click();
    await alice.dialog.getByText("How changes get here").waitFor();
    await expectClean(alice, "[role=dialog]:popover-open");
    await alice.page.keyboard.press("Escape");
    await alice.page.getByRole("button", { name: "Filter" }).click();
    await expectClean(alice, "[role=dialog]:popover-open");
  });

  browserTest("a card, its history, and the dialogs of the board", async () => {
    const { server, alice } = await openInScheme(colorScheme, "/b/board-1/c/task-2");
    await alice.dialog.getByText("Then let us shorten").waitFor();
    await expectClean(alice);
    await alice.dialog.getByRole("tab", { name: "History" }).click();
    await alice.dialog.getByRole("tabpanel").getByText("Bob").first().waitFor();
    await expectClean(alice, "dialog");
    await server.store.run("bob", undefined, { type: "delete_task", taskId: "task-2" });
    await alice.dialog.getByText("Bob deleted this card.").waitFor();
    await expectClean(alice, "dialog");
    await alice.page.keyboard.press("Escape");
    for (const item of [
      "Members and invitations",
      "Activity",
      "Webhooks",
      "Keyboard shortcuts",
      "Delete the board",
    ]) {
      await alice.page.getByRole("button", { name: "Board menu" }).click();
      await alice.page.locator("[role=menuitem]").getByText(item, { exact: true }).click();
      await alice.dialog.getByRole("heading").first().waitFor();
      await expectClean(alice, "dialog");
      await alice.page.keyboard.press("Escape");
      await alice.dialog.first().waitFor({ state: "hidden" });
    }
  });

  browserTest(
    "signing in, signing up, the boards, the settings, an invitation and an address of nothing",
    async () => {
      const { server, alice } = await openInScheme(colorScheme, "/");
      await alice.page.getByRole("link", { name: /Website launch/ }).waitFor();
      await alice.page.getByRole("button", { name: "New board" }).click();
      await expectClean(alice);
      await alice.page.goto(`${alice.url}/settings`);
      await alice.page.getByRole("heading", { name: "Settings" }).waitFor();
      await expectClean(alice);
      await alice.page.goto(`${alice.url}/no/such/page`);
      await alice.page.getByText("There is nothing here").waitFor();
      await expectClean(alice);
      await alice.page.goto(`${alice.url}/invite/nonsense`);
      await alice.page.getByText("This invitation is not valid").waitFor();
      await expectClean(alice);

      const { page } = await openPage(`${server.url}/b/board-1`, { colorScheme });
      await page.getByRole("button", { name: "Alice" }).waitFor();
      await expectClean({ page });
      await page.getByRole("button", { name: "Create an account" }).click();
      await expectClean({ page });
    },
  );
});

describe("a demo user", () => {
  browserTest("signs in with one click, and is where the link led to", async () => {
    const server = await startBoards();
    const { page, errors } = await openPage(`${server.url}/b/board-1/c/task-3`);
    await page.getByRole("button", { name: "Bob" }).click();
    await page.getByRole("dialog").getByLabel("Title", { exact: true }).waitFor();
    expect(await page.getByRole("dialog").getByLabel("Title", { exact: true }).inputValue()).toBe(
      "Draw the logo",
    );
    // Asking who is signed in was answered with "nobody".
    expect(errors.filter((text) => !text.includes("401"))).toEqual([]);
  });
});
