import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

const TEXT =
  'See https://example.com/a.\njavascript:alert(1) <img src=x onerror="alert(1)"> data:text/html,x';

browserTest(
  "addresses in a description and in comments can be followed, and nothing else is read into a text",
  async () => {
    const server = await startBoards();
    const alice = await visit(server, "alice");
    await alice.says("Live");
    const dialog = await alice.open("Draw the logo");
    const field = dialog.getByLabel("Description");
    await field.fill(TEXT);
    const height = async () => (await field.boundingBox())?.height;
    await dialog.getByRole("button", { name: "Save" }).click();
    const before = await height();
    const comment = dialog.getByLabel("Write a comment");
    await comment.fill(TEXT);
    await comment.press("Control+Enter");
    await dialog.locator(".comment-text a").waitFor();

    const links = dialog.locator(".link-layer a, .comment-text a");
    const facts = await links.evaluateAll((all) =>
      all.map((link) => [
        link.textContent,
        link.getAttribute("href"),
        link.getAttribute("target"),
        link.getAttribute("rel"),
      ]),
    );
    const link = ["https://example.com/a", "https://example.com/a", "_blank", "noopener noreferrer nofollow"];
    expect(facts).toEqual([link, link]);
    expect(await dialog.locator("img, script").count()).toBe(0);
    expect(await dialog.locator(".comment-text").last().textContent()).toBe(TEXT);

    // A click beside the link writes, and one on it does not.
    await field.click({ position: { x: 12, y: 12 } });
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await height()).toBe(before);
    expect(await field.inputValue()).toBe(TEXT);
    await alice.page.keyboard.press("Tab");
    const isOnLink = () => links.first().evaluate((element) => element === document.activeElement);
    expect(await isOnLink()).toBe(true);
    // Nothing was written, and the editing is over: what others write is shown.
    const taskId = (await dialog.locator("[data-card-dialog]").getAttribute("data-card-dialog")) ?? "";
    await server.store.run("bob", undefined, {
      type: "update_task",
      taskId,
      change: { description: "By Bob" },
    });
    await until("his text", async () => (await field.inputValue()) === "By Bob");
    expect(await dialog.getByText("has changed this").count()).toBe(0);
  },
);

browserTest("an address without an end stays within the card, on a phone too", async () => {
  const server = await startBoards();
  const alice = await visit(server, "alice", { context: { viewport: { width: 390, height: 800 } } });
  await alice.says("Live");
  const dialog = await alice.open("Draw the logo");
  const text = `https://example.com/${"a-very-long-way/".repeat(12)}${"x".repeat(200)}`;
  const field = dialog.getByLabel("Description");
  await field.fill(text);
  const right = (locator: typeof field) => locator.boundingBox().then((box) => (box ? box.x + box.width : 0));
  expect(await right(field)).toBeLessThanOrEqual(390);
  await dialog.getByRole("button", { name: "Save" }).click();
  const layer = dialog.locator(".link-layer");
  await layer.waitFor();
  expect(await right(field)).toBeLessThanOrEqual(390);
  // The same words in the same lines: no jump when somebody begins to write.
  expect(await layer.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
  const comment = dialog.getByLabel("Write a comment");
  await comment.fill(text);
  expect(await right(comment)).toBeLessThanOrEqual(390);
});
