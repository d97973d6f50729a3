import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { cutOff, startBoards, tapTo, visit } from "../../tests/board-page.ts";

browserTest(
  "a comment that is on its way does not come back into the field; one that is not sent does",
  async () => {
    const server = await startBoards();
    const tap = await tapTo(server);
    const alice = await visit(server, "alice", { url: tap.url });
    await alice.says("Live");
    cutOff(tap);
    await alice.says("Offline");
    const dialog = await alice.open("Draw the logo");
    const field = dialog.getByLabel("Write a comment");
    const lookElsewhere = async () => {
      await dialog.getByRole("tab", { name: "History" }).click();
      await field.waitFor({ state: "detached" });
      await dialog.getByRole("tab", { name: "Comments" }).click();
      await field.waitFor();
    };
    await field.fill("Only once");
    await lookElsewhere();
    expect(await field.inputValue()).toBe("Only once");
    await dialog.getByRole("button", { name: "Comment", exact: true }).click();
    await dialog.locator(".comment-text").filter({ hasText: "Only once" }).waitFor();
    await lookElsewhere();
    expect(await field.inputValue()).toBe("");
    expect(await dialog.locator(".comment-text").filter({ hasText: "Only once" }).count()).toBe(1);
  },
);
