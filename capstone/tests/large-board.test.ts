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
/** In each of them a card is renamed, moved, added and deleted. */
const ROUNDS = 6;

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
    const attempts: Costs[] = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const costs = await costOfChanges(server.store.run, alice, 1 + attempt * 2 * ROUNDS);
      attempts.push(costs);
      const each = Object.entries(costs.meanMs).map(([kind, ms]) => `${kind} ${ms.toFixed(1)}`);
      process.stdout.write(
        `1,000 cards: a remote change in view takes, in ms of script, style and layout: ${each.join(", ")}; the longest task: ${costs.longestMs === 0 ? "below 50" : Math.round(costs.longestMs)} ms\n`,
      );
      if (costs.longestMs <= LONGEST_TASK_MS && worstOf(costs) <= MEAN_MS) break;
    }
    expect(Math.min(...attempts.map(worstOf))).toBeLessThanOrEqual(MEAN_MS);
    expect(Math.min(...attempts.map(({ longestMs }) => longestMs))).toBeLessThanOrEqual(LONGEST_TASK_MS);
  });
});

interface Costs {
  readonly meanMs: Readonly<Record<string, number>>;
  readonly longestMs: number;
}

/** A place in view. The first card of each list stays where it is. */
const behindFirstOf = (list: number) => ({ listId: `large-${list}`, afterId: `large-card-${list}` });

const worstOf = ({ meanMs }: Costs) => Math.max(...Object.values(meanMs));

/** Renames, moves, adds and deletes cards from elsewhere, one after the other, all of them at the top of the first lists. */
async function costOfChanges(
  run: (userId: string, key: undefined, command: Command) => Promise<{ readonly status: number }>,
  { page }: BoardPage,
  firstRow: number,
): Promise<Costs> {
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
  const spent: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const list = round % 3;
    const other = (list + 1) % 3;
    const cardAt = (row: number) => `large-card-${LISTS * (firstRow + row) + list}`;
    const title = `Change ${firstRow + round}`;
    const commands: Record<string, Command> = {
      rename: { type: "update_task", taskId: cardAt(round), change: { title } },
      move: { type: "move_task", taskId: cardAt(round), place: behindFirstOf(other) },
      add: { type: "create_task", task: { title, ...behindFirstOf(list) } },
      delete: { type: "delete_task", taskId: cardAt(ROUNDS + round) },
    };
    for (const [kind, command] of Object.entries(commands)) {
      await page.evaluate(untilDrawn);
      const before = await busyMs();
      expect((await run("alice", undefined, command)).status).toBeLessThan(300);
      await page.evaluate(() => (globalThis as unknown as { drawn: Promise<void> }).drawn);
      spent[kind] = (spent[kind] ?? 0) + (await busyMs()) - before;
    }
  }
  const meanMs = Object.fromEntries(Object.entries(spent).map(([kind, ms]) => [kind, ms / ROUNDS]));
  const long = await page.evaluate(() => (globalThis as unknown as { long: number[] }).long);
  await session.detach();
  return { meanMs, longestMs: Math.max(0, ...long) };
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
