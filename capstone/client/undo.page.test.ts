import { expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { startBoards, visit } from "../tests/board-page.ts";

browserTest(
  "what is taken back or done again is said, and a refused undo says that nothing was",
  async () => {
    const server = await startBoards();
    const alice = await visit(server, "alice");
    await alice.says("Live");
    await alice.choose("Draw the logo", "Move to list", "Done");
    const undo = alice.page.getByRole("button", { name: "Undo", exact: true });
    await undo
      .and(alice.page.locator("[title='Undo: moved “Draw the logo” from Doing to Done (Ctrl Z)']"))
      .waitFor();
    await alice.page.keyboard.press("Control+z");
    await alice.toast("Undone: moved “Draw the logo” from Doing to Done").waitFor();
    await alice.page.keyboard.press("Control+Shift+z");
    await alice.toast("Done again: moved “Draw the logo” from Doing to Done").waitFor();

    await server.store.run("bob", undefined, {
      type: "move_task",
      taskId: (await alice.card("Draw the logo").getAttribute("data-task-id")) ?? "",
      place: { listId: (await alice.list("To do").getAttribute("data-list-id")) ?? "" },
    });
    await alice.list("To do").getByRole("link", { name: "Draw the logo" }).waitFor();
    await alice.page.keyboard.press("Control+z");
    await alice.toast(/^Not undone: .*card/).waitFor();
    expect(await alice.toast(/^Undone/).count()).toBe(0);
  },
);

browserTest(
  "a list with cards is asked for before it is deleted, and comes back from the activity",
  async () => {
    const server = await startBoards();
    const alice = await visit(server, "alice");
    await alice.says("Live");
    const deleteDone = async (answer: string) => {
      await alice
        .list("Done")
        .getByRole("button", { name: /^Actions for the list/ })
        .click();
      await alice.page.locator("[role=menuitem]").getByText("Delete list").click();
      await alice.dialog.getByText("The 4 cards in it are deleted with it").waitFor();
      await alice.dialog.getByRole("button", { name: answer, exact: true }).click();
    };
    await deleteDone("Cancel");
    await alice.list("Done").waitFor();
    await deleteDone("Delete the list");
    await alice.list("Done").waitFor({ state: "detached" });

    // Not only as long as the page remembers.
    await alice.page.reload();
    await alice.says("Live");
    await alice.page.getByRole("button", { name: "Board menu" }).click();
    await alice.page.locator("[role=menuitem]").getByText("Activity").click();
    const takeBack = alice.dialog.getByRole("button", { name: "Undo: deleted the list “Done”" });
    await takeBack.click();
    await alice.dialog.getByText("took back: deleted the list “Done”").waitFor();
    expect(await takeBack.count()).toBe(0);
    await alice.page.keyboard.press("Escape");
    await alice.card("Buy the domain").waitFor();
  },
);
