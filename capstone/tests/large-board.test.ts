import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import type { Command } from "../board/commands.ts";
import { type BoardPage, startBoards, visit } from "./board-page.ts";

const LISTS = 10;
const CARDS = 1_000;
/** On a quiet machine it is 1 s; here other tests run, too. */
const INTERACTIVE_WITHIN_MS = 3_000;
const LONGEST_TASK_MS = 100;
/** On a quiet machine it is less than a frame of 16.7 ms. */
const MEAN_MS = 40;
const CHANGES = 20;

async function startLargeBoard() {
  const server = await startBoards();
  await server.store.createBoard("alice", { id: "large", name: "A thousand cards" });
  const commands: Command[] = Array.from({ length: LISTS }, (_, list) => ({
    type: "create_list",
    boardId: "large",
    list: { id: `large-${list}`, name: `List ${list}` },
  }));
  for (let card = 0; card < CARDS; card += 1) {
    const listId = `large-${card % LISTS}`;
    const extras = card % 3 === 0 ? { description: "Some words about it.", labels: ["text", "server"] } : {};
    commands.push({
      type: "create_task",
      task: { id: `large-card-${card}`, listId, title: `Card number ${card}`, ...extras },
    });
  }
  await Promise.all(commands.map((command) => server.store.run("alice", undefined, command)));
  return server;
}

/** Clicks on a card as soon as there is one. @returns when its dialog was open, in milliseconds after the navigation */
async function timeToAnswer(page: Page, path: string): Promise<number> {
  await page.addInitScript(() => {
    let isClicked = false;
    function look(): void {
      const link = document.querySelector<HTMLElement>("[data-task-id] [data-part=open]");
      if (!isClicked && link) {
        isClicked = true;
        link.click();
      }
      const isOpen = document.querySelector("dialog[open] [aria-label=Title]") !== null;
      if (isOpen) document.documentElement.dataset.answeredAt = String(performance.now());
      else requestAnimationFrame(look);
    }
    requestAnimationFrame(look);
  });
  await page.goto(path);
  const answered = page.locator("html[data-answered-at]");
  await answered.waitFor({ state: "attached" });
  return Number(await answered.getAttribute("data-answered-at"));
}

describe("a board with a thousand cards", () => {
  browserTest("answers soon after it was opened", async () => {
    const server = await startLargeBoard();
    const times: number[] = [];
    // The machine may have been busy with something else.
    for (let attempt = 0; attempt < 2 && !times.some((ms) => ms <= INTERACTIVE_WITHIN_MS); attempt += 1) {
      const alice = await visit(server, "alice", { path: "/no-such-page" });
      times.push(await timeToAnswer(alice.page, `${alice.url}/b/large`));
      expect(await alice.page.locator("[data-task-id]").count()).toBe(CARDS);
      const again = await timeToAnswer(alice.page, `${alice.url}/b/large`);
      process.stdout.write(
        `1,000 cards: answers after ${Math.round(times.at(-1) ?? 0)} ms, and when it is opened again after ${Math.round(again)} ms\n`,
      );
    }
    expect(Math.min(...times)).toBeLessThanOrEqual(INTERACTIVE_WITHIN_MS);
  });

  browserTest("shows a change by somebody else without a stutter", async () => {
    const server = await startLargeBoard();
    const alice = await visit(server, "alice", { path: "/b/large" });
    await alice.says("Live");
    await alice.card(`Card number ${CARDS - 1}`).waitFor();
    const attempts: Awaited<ReturnType<typeof costOfChanges>>[] = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const cost = await costOfChanges(server.store.run, alice);
      attempts.push(cost);
      process.stdout.write(
        `1,000 cards: a remote change takes ${cost.meanMs.toFixed(1)} ms of script, style and layout on average; the longest task: ${cost.longestMs === 0 ? "below 50" : Math.round(cost.longestMs)} ms\n`,
      );
      if (cost.longestMs <= LONGEST_TASK_MS && cost.meanMs <= MEAN_MS) break;
    }
    expect(Math.min(...attempts.map(({ meanMs }) => meanMs))).toBeLessThanOrEqual(MEAN_MS);
    expect(Math.min(...attempts.map(({ longestMs }) => longestMs))).toBeLessThanOrEqual(LONGEST_TASK_MS);
  });
});

/** Renames, moves, adds and deletes cards from elsewhere, one after the other. */
async function costOfChanges(
  run: (userId: string, key: undefined, command: Command) => Promise<unknown>,
  { page }: BoardPage,
): Promise<{ meanMs: number; longestMs: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  /** What the page itself has to do: painting is the browser's, and glides take as long as they take. */
  const busyMs = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const own = ["ScriptDuration", "RecalcStyleDuration", "LayoutDuration"];
    return metrics.reduce((sum, { name, value }) => sum + (own.includes(name) ? value * 1_000 : 0), 0);
  };
  await page.evaluate(() => {
    const long: number[] = [];
    (globalThis as unknown as { long: number[] }).long = long;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    }).observe({ type: "longtask" });
  });
  const before = await busyMs();
  for (let change = 0; change < CHANGES; change += 1) {
    const title = `Change ${change} ${Math.random()}`;
    const taskId = `large-card-${change * 7}`;
    const place = { listId: `large-${(change + 3) % LISTS}`, beforeId: `large-card-${(change + 3) % LISTS}` };
    const commands: Command[] = [
      { type: "update_task", taskId, change: { title } },
      { type: "move_task", taskId, place },
      { type: "create_task", task: { listId: "large-0", title } },
      { type: "delete_task", taskId: `large-card-${999 - Math.floor(Math.random() * 500)}` },
    ];
    const command = commands[change % 4];
    await page.evaluate(untilDrawn);
    if (command) await run("alice", undefined, command);
    await page.evaluate(() => (globalThis as unknown as { drawn: Promise<void> }).drawn);
  }
  const spent = (await busyMs()) - before;
  const long = await page.evaluate(() => (globalThis as unknown as { long: number[] }).long);
  await session.detach();
  return { meanMs: spent / CHANGES, longestMs: Math.max(0, ...long) };
}

/** In the page: `drawn` resolves when the next change of the board is on the screen. */
function untilDrawn(): void {
  const drawn = new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    });
    const board = document.querySelector("#board") as Element;
    observer.observe(board, { childList: true, characterData: true, subtree: true });
  });
  Object.assign(globalThis, { drawn });
}
