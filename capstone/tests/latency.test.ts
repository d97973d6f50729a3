import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { type BoardPage, startBoards, visit } from "./board-page.ts";

const ROUNDS = 25;
/** On a quiet machine 100 ms: here other tests run, too. */
const P99_MS = 1_000;

/** How a card looks when a change has arrived. */
interface Expected {
  readonly title: string;
  readonly isGone?: boolean;
  readonly listId?: string;
  readonly isFirst?: boolean;
  readonly has?: string;
}

describe("from one browser to the other", () => {
  browserTest(
    "two hundred changes of all kinds are soon there",
    async () => {
      const server = await startBoards();
      const [alice, bob] = await Promise.all([visit(server, "alice"), visit(server, "bob")]);
      await Promise.all([alice.says("Live"), bob.says("Live")]);
      await noteActions(alice.page);

      const p99s: number[] = [];
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const delays = await measure(alice, bob, attempt);
        const all = [...delays.values()].flat().sort((a, b) => a - b);
        p99s.push(percentile(all, 0.99));
        const kinds = [...delays].map(([kind, times]) => `${kind} ${Math.max(...times).toFixed(0)}`);
        process.stdout.write(
          `${all.length} changes, from the action to the other's screen: median ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms (slowest, in ms: ${kinds.join(", ")})\n`,
        );
        if ((p99s.at(-1) ?? 0) < P99_MS) break;
      }
      expect(Math.min(...p99s)).toBeLessThan(P99_MS);
    },
    240_000,
  );
});

/** @returns the delays, in milliseconds, by kind of change */
async function measure(alice: BoardPage, bob: BoardPage, attempt: number): Promise<Map<string, number[]>> {
  const delays = new Map<string, number[]>();
  async function timed(kind: string, expected: Expected, act: () => Promise<unknown>): Promise<void> {
    await bob.page.evaluate(watchFor, expected);
    await act();
    const seeing = bob.page.evaluate(() => (globalThis as unknown as { seen: Promise<number> }).seen);
    const seenAt = await seeing.catch((cause) =>
      Promise.reject(new Error(`${kind} did not arrive`, { cause })),
    );
    const actedAt = await alice.page.evaluate(() => (globalThis as unknown as { actedAt: number }).actedAt);
    delays.set(kind, [...(delays.get(kind) ?? []), seenAt - actedAt]);
  }
  const { keyboard } = alice.page;

  for (let round = 0; round < ROUNDS; round += 1) {
    const title = `Change ${attempt}-${round}`;
    const renamed = `${title} again`;
    const link = alice.page.getByRole("link", { name: renamed, exact: true });
    await timed("add", { title, listId: "list-todo" }, () => alice.add("To do", title));
    await keyboard.press("Escape");
    await alice.open(title);
    await alice.dialog.getByLabel("Title", { exact: true }).fill(renamed);
    await timed("edit", { title: renamed }, () => keyboard.press("Enter"));
    await keyboard.press("Escape");
    await timed("assign", { title: renamed, has: "[aria-label='Assigned to Alice']" }, () =>
      alice.choose(renamed, "Assign to me"),
    );
    const taken = await alice.take(renamed);
    await taken.over(alice.list("Doing").getByRole("listitem").first());
    await timed("drag", { title: renamed, listId: "list-doing", isFirst: true }, () => taken.drop());
    await link.focus();
    await keyboard.press("m");
    await alice.page.getByRole("menuitem", { name: "Move down", exact: true }).focus();
    await timed("keyboard move", { title: renamed, isFirst: false }, () => keyboard.press("Enter"));
    await timed("delete", { title: renamed, isGone: true }, () => alice.choose(renamed, "Delete"));
    await timed("undo", { title: renamed, listId: "list-doing" }, () => keyboard.press("Control+z"));
    await timed("redo", { title: renamed, isGone: true }, () => keyboard.press("Control+Shift+z"));
  }
  return delays;
}

/** In the page: `actedAt` is when the user has done something last. */
async function noteActions(page: Page): Promise<void> {
  await page.evaluate(() => {
    const note = () => Object.assign(globalThis, { actedAt: performance.timeOrigin + performance.now() });
    for (const type of ["keydown", "click", "drop"]) document.addEventListener(type, note, true);
  });
}

/** In the page: `seen` resolves with when the frame was drawn in which it was so. */
function watchFor({ title, isGone = false, listId, isFirst, has }: Expected): void {
  const now = () => performance.timeOrigin + performance.now();
  function isSo(): boolean {
    const links = [...document.querySelectorAll("[data-task-id] [data-part=open]")];
    const card = links
      .find(({ textContent }) => textContent === title)
      ?.closest<HTMLElement>("[data-task-id]");
    if (!card) return isGone;
    const isThere =
      listId === undefined || card.closest<HTMLElement>("[data-list-id]")?.dataset.listId === listId;
    const isInOrder =
      isFirst === undefined || (card.parentElement?.querySelector("[data-task-id]") === card) === isFirst;
    return !isGone && isThere && isInOrder && (has === undefined || card.querySelector(has) !== null);
  }
  const seen = new Promise<number>((resolve, reject) => {
    setTimeout(() => reject(new Error(`“${title}” was not seen in 20 s.`)), 20_000);
    const observer = new MutationObserver(() => {
      if (!isSo()) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(now()));
    });
    const board = document.querySelector("#board") as Element;
    observer.observe(board, { childList: true, characterData: true, attributes: true, subtree: true });
  });
  Object.assign(globalThis, { seen });
}

/** @param sorted ascending */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
