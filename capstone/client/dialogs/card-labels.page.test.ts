import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

browserTest("a comma ends a label, and several can be pasted at once", async () => {
  const server = await startBoards();
  const alice = await visit(server, "alice");
  await alice.says("Live");
  const dialog = await alice.open("Draw the logo");
  const field = dialog.getByLabel("Labels", { exact: true });
  const labels = () => dialog.getByRole("button", { name: /^Remove the label/ }).allTextContents();
  await field.pressSequentially("backend,");
  await until("it", async () => (await labels()).join() === "design,backend");
  expect(await field.inputValue()).toBe("");
  await field.fill("one, design,, two ,");
  await field.press("Enter");
  await until("the others", async () => (await labels()).join() === "design,backend,one,two");
});
