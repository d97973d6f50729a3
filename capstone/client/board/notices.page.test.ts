import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { cutOff, startBoards, tapTo, visit } from "../../tests/board-page.ts";

const SOON_MS = 25_000;

browserTest(
  "where nothing can be copied a refused text is shown, and stays until it is dismissed",
  async () => {
    const server = await startBoards();
    const tap = await tapTo(server);
    const alice = await visit(server, "alice", {
      url: tap.url,
      // As on plain HTTP.
      prepare: (context) =>
        context.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined })),
    });
    await alice.says("Live");
    const reconnect = cutOff(tap);
    await alice.says("Offline");
    const dialog = await alice.open("Draw the logo");
    await dialog.getByLabel("Write a comment").fill("With rounder corners,\nand in green");
    await dialog.getByRole("button", { name: "Comment", exact: true }).click();
    await dialog.getByRole("button", { name: "Close" }).click();
    await server.store.run("bob", undefined, { type: "delete_task", taskId: "task-3" });
    reconnect();
    const told = alice.toast("Not saved");
    await told.waitFor({ timeout: SOON_MS });

    await told.getByRole("button", { name: "Copy my text" }).click();
    await alice.toast("The browser does not allow copying here.").waitFor();
    const field = told.getByLabel("Your text");
    expect(await field.inputValue()).toBe("With rounder corners,\nand in green");
    // It only has to be copied.
    const selected = await field.evaluate((element: HTMLTextAreaElement) => [
      element.selectionStart,
      element.selectionEnd === element.value.length,
      element === document.activeElement,
    ]);
    expect(selected).toEqual([0, true, true]);

    await alice.page.getByRole("link", { name: "All boards" }).click();
    await alice.page.getByRole("heading", { name: "Your boards" }).waitFor();
    await alice.page.goBack();
    await told.getByRole("button", { name: "Dismiss" }).click();
    await told.waitFor({ state: "detached" });
    await alice.page.reload();
    await alice.says("Live");
    expect(await told.count()).toBe(0);
  },
  90_000,
);
