import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import type { Snapshot } from "../../board/events.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

const COMMENT = "A long comment,\nan hour of thought";

/** Alice writes a comment on a card, and Bob deletes the card. */
async function openDeleted() {
  const server = await startBoards();
  const context = { permissions: ["clipboard-read", "clipboard-write"] };
  const alice = await visit(server, "alice", { context });
  await alice.says("Live");
  const dialog = await alice.open("Draw the logo");
  await dialog.getByLabel("Write a comment").fill(COMMENT);
  await server.store.run("bob", undefined, { type: "delete_task", taskId: "task-3" });
  await dialog.getByText("Bob deleted this card.").waitFor();
  const drafts = () => alice.page.evaluate(() => JSON.stringify(localStorage));
  return { server, alice, dialog, drafts };
}

browserTest("a comment on a card that is deleted can be read and copied, until it is let go", async () => {
  const { alice, dialog, drafts } = await openDeleted();
  await dialog.getByText("an hour of thought").waitFor();
  await dialog.getByRole("button", { name: "Copy the text" }).click();
  const copied = () => alice.page.evaluate(() => navigator.clipboard.readText());
  await until("the copy", async () => (await copied()).endsWith(COMMENT));
  expect(await copied()).toMatch(/^Draw the logo\n\n/);
  expect(await drafts()).toContain("an hour of thought");
  await dialog.getByRole("button", { name: "Let it go" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await drafts()).not.toContain("an hour of thought");
});

browserTest("a new card takes the comment over as it was: written, and not sent", async () => {
  const { server, alice, dialog } = await openDeleted();
  await dialog.getByRole("button", { name: "Make a new card with it" }).click();
  const field = alice.dialog.getByLabel("Write a comment");
  await field.waitFor();
  expect(await field.inputValue()).toBe(COMMENT);
  await alice.dialog.getByRole("button", { name: "Comment", exact: true }).click();
  await until("the comment", async () => {
    const { comments } = (await server.store.snapshot("board-1")) as Snapshot;
    return comments.some(({ text }) => text === COMMENT);
  });
});
