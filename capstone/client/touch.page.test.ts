import { expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import { type BoardPage, startBoards, visit } from "../tests/board-page.ts";

const PHONE = { viewport: { width: 390, height: 500 }, isMobile: true, hasTouch: true };

/** What a finger aims at has to be at least so high and wide, in pixels. */
const FINGER_PX = 44;

async function openOnPhone(): Promise<BoardPage> {
  const server = await startBoards();
  const alice = await visit(server, "alice", { context: PHONE });
  await alice.says("Live");
  return alice;
}

/** Puts a finger on a card and draws it upwards, in many small steps. */
async function swipeUp({ page, card }: BoardPage, title: string): Promise<void> {
  const box = await card(title).boundingBox();
  if (!box) throw new Error(`“${title}” is nowhere`);
  const session = await page.context().newCDPSession(page);
  const x = box.x + 40;
  const y = box.y + box.height / 2;
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  for (let by = 10; by <= 200; by += 10) {
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x, y: y - by }] });
  }
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

browserTest("a finger that scrolls a list neither drags nor opens a card", async () => {
  const alice = await openOnPhone();
  const order = await alice.titles("To do");
  await alice.page.evaluate(() => {
    document.addEventListener("dragstart", () => document.documentElement.setAttribute("data-drag", ""));
  });
  await swipeUp(alice, "Check the page on a phone");
  const cards = alice.list("To do").locator("[data-cards]");
  await until("the list to have scrolled", async () => (await cards.evaluate((list) => list.scrollTop)) > 50);
  expect(await alice.page.locator("html[data-drag], dialog[open]").count()).toBe(0);
  expect(await alice.titles("To do")).toEqual(order);
});

browserTest("a tap opens a card, and its menu does with taps what dragging does", async () => {
  const alice = await openOnPhone();
  await alice.card("Write the release notes").tap();
  await alice.dialog.getByLabel("Title", { exact: true }).waitFor();
  await alice.dialog.getByRole("button", { name: "Close" }).tap();
  const item = (name: string) => alice.page.locator("[role^=menuitem]").getByText(name, { exact: true });
  await alice.page.getByRole("button", { name: "Actions for “Write the release notes”" }).tap();
  await item("Move to list").tap();
  const sizes = await alice.page
    .locator("[role^=menuitem]")
    .evaluateAll((items) => items.map((each) => each.getBoundingClientRect().height));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(FINGER_PX);
  await item("Doing").tap();
  await until("the move", async () => (await alice.titles("Doing")).at(-1) === "Write the release notes");
});

browserTest("what can be pressed on a phone is big enough for a finger", async () => {
  const alice = await openOnPhone();
  const small = await alice.page.evaluate((least) => {
    const pressed = document.querySelectorAll("#app :is(button, a:not(.skip-link), input, select, textarea)");
    return [...pressed].flatMap((element) => {
      // A card is pressed as a whole.
      const { width, height } =
        (element.matches(".card-title") ? element.parentElement : element)?.getBoundingClientRect() ??
        new DOMRect();
      const isSmall = width > 0 && (width < least || height < least);
      return isSmall
        ? [`${element.getAttribute("aria-label") ?? element.textContent} ${width} × ${height}`]
        : [];
    });
  }, FINGER_PX);
  expect(small).toEqual([]);
});
