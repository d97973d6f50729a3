import { describe, expect } from "vitest";
import type { BoardPane } from "../../shared/testing/board-pane.ts";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { addTask, openPanes } from "../../shared/testing/panes.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";

async function openChapter() {
  const { database, boards } = demoBoard();
  return { boards, ...(await openPanes(createApp({ database }), import.meta.dirname)) };
}

function titles(pane: BoardPane, list = "To do"): Promise<string[]> {
  return pane.getByRole("region", { name: list }).locator(".card .title").allTextContents();
}

describe("the page", () => {
  browserTest("Bob's board goes out of date until he presses Refresh", async () => {
    const { alice, bob, bobsDelay, errors } = await openChapter();
    await bob.getByText("Write the release notes").waitFor();
    await addTask(alice, "alice", "Order the cake");
    await alice.getByText("Order the cake").waitFor();

    await until("the delay to be counted", async () => /out of date for 0\.[3-9] s/.test(await bobsDelay()));
    expect(await bob.getByText("Order the cake").count()).toBe(0);

    await bob.getByRole("button", { name: "Refresh" }).click();
    await bob.getByText("Order the cake").waitFor();
    await until("Bob to be up to date", async () =>
      /^up to date, was [\d.]+ m?s behind$/.test(await bobsDelay()),
    );
    expect(errors).toEqual([]);
  });

  browserTest("a title is text, never HTML", async () => {
    const { alice, bob, errors } = await openChapter();
    const title = '<img src=x onerror="document.title=1"><b>bold</b>';
    await addTask(alice, "alice", title);
    await bob.getByRole("button", { name: "Refresh" }).click();
    await bob.getByText(title).waitFor();
    expect(await bob.locator(".card img, .card b").count()).toBe(0);
    expect(errors).toEqual([]);
  });

  browserTest("a task is renamed, moved by buttons and deleted with the keyboard alone", async () => {
    const { url, boards } = await openChapter();
    const { page, errors } = await openPage(`${url}/board?user=bob`);
    const keyboard = page.keyboard;

    await page.getByRole("button", { name: "Write the release notes", exact: true }).focus();
    await keyboard.press("Enter");
    await keyboard.press("ControlOrMeta+A");
    await keyboard.type("Publish the notes");
    await keyboard.press("Escape"); // changes nothing, and the focus is back on the title
    await page.getByRole("button", { name: "Write the release notes", exact: true }).waitFor();
    expect(snapshotOf(boards).seq).toBe(9);
    await keyboard.press("Enter");
    await keyboard.press("ControlOrMeta+A");
    await keyboard.type("Publish the notes");
    await keyboard.press("Enter");
    await page.getByRole("button", { name: "Publish the notes", exact: true }).waitFor();

    await page.getByRole("button", { name: "Move “Publish the notes” right" }).focus();
    await keyboard.press("Enter");
    await until("the task to be in Doing", async () =>
      (await titles(page, "Doing")).includes("Publish the notes"),
    );
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
      "Move “Publish the notes” right", // the focus went with the card
    );
    await keyboard.press("Enter");
    await until("the task to be in Done", async () =>
      (await titles(page, "Done")).includes("Publish the notes"),
    );
    expect(await page.getByRole("status").textContent()).toBe("Publish the notes: Done, 2 of 2");
    await page.getByRole("button", { name: "Move “Publish the notes” up" }).press("Enter");
    await until("the order to change", async () => (await titles(page, "Done"))[0] === "Publish the notes");

    await page.getByRole("button", { name: "Delete “Publish the notes”" }).press("Enter");
    await until("the task to be gone", () => !snapshotOf(boards).tasks.some((task) => task.id === "task-1"));
    expect(errors).toEqual([]);
  });

  browserTest("a task is dragged to its place in another list", async () => {
    const { url, boards } = await openChapter();
    const { page, errors } = await openPage(`${url}/board?user=bob`);
    const card = (id: string) => page.locator(`[data-task-id="${id}"]`);
    await card("task-3").dragTo(card("task-2"), { targetPosition: { x: 20, y: 4 } });
    await until(
      "the move",
      () => snapshotOf(boards).tasks.find(({ id }) => id === "task-3")?.listId === "list-todo",
    );
    const todo = snapshotOf(boards).tasks.filter((task) => task.listId === "list-todo");
    expect(todo.map((task) => task.id)).toEqual(["task-1", "task-3", "task-2"]);
    await card("task-1").dragTo(page.getByRole("region", { name: "Done" }), {
      targetPosition: { x: 20, y: 100 },
    });
    await until("the move", () => snapshotOf(boards).tasks.at(-1)?.id === "task-1");
    expect(errors).toEqual([]);
  });

  browserTest("a refused change is said, and the typed text is not lost", async () => {
    const { url, boards } = await openChapter();
    const { page } = await openPage(`${url}/board?user=bob`);
    await page.getByText("Draw the logo").waitFor();
    boards.deleteTask("alice", "task-3");
    await page.getByRole("button", { name: "Delete “Draw the logo”" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("There is no such task.");

    await page.getByRole("button", { name: "Check the page on a phone", exact: true }).click();
    await page.getByLabel("Title").fill("Check it on two phones");
    boards.deleteTask("alice", "task-2");
    await page.evaluate(() => document.querySelector<HTMLButtonElement>(".status button")?.click());
    await page.getByText("Your text was: Check it on two phones").waitFor();

    boards.deleteList("alice", "list-todo");
    await addTask(page, "bob", "A thought");
    await page.getByText("There is no such list.").waitFor();
    expect(await page.getByLabel("New task in To do, as bob").inputValue()).toBe("A thought");
  });

  browserTest("a server that cannot be reached is said in one sentence", async () => {
    const { database } = demoBoard();
    const server = await startServer(withPage(createApp({ database }), import.meta.dirname));
    const { page } = await openPage(`${server.url}/board?user=bob`);
    await page.getByText("Draw the logo").waitFor();
    await server.close();
    await page.getByRole("button", { name: "Refresh" }).click();
    expect(await page.getByRole("alert").textContent()).toMatch(/^The server cannot be reached\. OK$/);
    await page.getByRole("button", { name: "Delete “Draw the logo”" }).click();
    await page
      .getByText("The server cannot be reached. Your change may or may not have been made.")
      .waitFor();
  });
});
