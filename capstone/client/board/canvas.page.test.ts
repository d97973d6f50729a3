import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

browserTest(
  "the menu of a card that somebody deletes goes with it, and does not come back with it",
  async () => {
    const server = await startBoards();
    const alice = await visit(server, "alice");
    await alice.says("Live");
    const logo = alice.card("Draw the logo");
    const taskId = (await logo.getAttribute("data-task-id")) ?? "";
    const neighbour = logo.locator("xpath=following-sibling::*[1]").locator("[data-part=open]");
    const title = await neighbour.textContent();
    await logo.hover();
    await logo.getByRole("button", { name: /^Actions for/ }).click();
    const menu = alice.page.getByRole("menu");
    await menu.getByRole("menuitem", { name: "Edit" }).waitFor();

    const deleted = await server.store.run("bob", undefined, { type: "delete_task", taskId });
    await logo.waitFor({ state: "detached" });
    expect(await menu.count()).toBe(0);
    expect(await alice.page.evaluate(() => document.activeElement?.textContent)).toBe(title);

    await alice.list("To do").getByRole("button", { name: "Add a card to To do" }).click();
    await alice.page.keyboard.type("In the middle of ");
    const undone = { seq: ("seq" in deleted && deleted.seq) || 0 };
    await server.store.run("bob", undefined, { type: "undo", boardId: "board-1", undone });
    await logo.waitFor();
    await alice.page.keyboard.type("a word");
    expect(await menu.count()).toBe(0);
    expect(await alice.page.getByLabel("Title of the new card in To do").inputValue()).toBe(
      "In the middle of a word",
    );
  },
);
