import { describe, expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import type { BoardEvent } from "../../board/events.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

const SOON_MS = 20_000;

async function openCard() {
  const server = await startBoards();
  const alice = await visit(server, "alice");
  await alice.says("Live");
  const field = (await alice.open("Draw the logo")).locator("input[type=date]");
  const before = (await server.store.head("board-1"))?.seq ?? 0;
  /** The due dates that the log has heard of, the newest last. */
  const dates = async () => {
    const events = [...(await server.store.eventsBefore("board-1", undefined, 20))].reverse();
    const updates = events.filter((event) => event.type === "task_updated" && event.seq > before);
    return updates.map((event) => (event as BoardEvent<"task_updated">).data.task.dueOn);
  };
  const untilDates = (...expected: (string | null)[]) =>
    until(
      `the dates ${expected}`,
      async () => JSON.stringify(await dates()) === JSON.stringify(expected),
      SOON_MS,
    );
  const bobSets = (dueOn: string | null) =>
    server.store.run("bob", undefined, { type: "update_task", taskId: "task-3", change: { dueOn } });
  const shows = (text: string) =>
    until(`the field to show ${text}`, async () => (await field.inputValue()) === text, SOON_MS);
  return { alice, field, dates, untilDates, bobSets, shows };
}

describe("a due date that is typed is sent when it is finished", () => {
  browserTest("by leaving the field, by Enter, or by closing the card", async () => {
    const { alice, field, untilDates } = await openCard();
    const { keyboard } = alice.page;
    await field.focus();
    await keyboard.type("11302027");
    await field.blur();
    await untilDates("2027-11-30");
    await field.focus();
    await keyboard.type("12242028");
    await keyboard.press("Enter");
    await untilDates("2027-11-30", "2028-12-24");
    // Back to the month.
    await field.blur();
    await field.focus();
    await keyboard.type("01152029");
    await keyboard.press("Escape");
    await alice.dialog.waitFor({ state: "detached" });
    await untilDates("2027-11-30", "2028-12-24", "2029-01-15");
  });

  browserTest("by a pause, as one that is picked; half a date is none", async () => {
    const { alice, field, dates, untilDates, shows } = await openCard();
    // As the calendar does it: at once, and without a key.
    await field.fill("2027-11-30");
    await untilDates("2027-11-30");
    await field.focus();
    await alice.page.keyboard.press("Backspace");
    await shows("");
    await field.blur();
    await shows("2027-11-30");
    expect(await dates()).toEqual(["2027-11-30"]);
    // A fifth digit of the year is not taken.
    await field.blur();
    await field.focus();
    await alice.page.keyboard.type("123120391");
    await alice.page.keyboard.press("Enter");
    await until("it", async () => (await dates()).length === 2, SOON_MS);
    const typed = (await dates())[1] ?? "";
    expect(typed).toMatch(/^\d{4}-12-31$/);
    await field.fill("");
    await untilDates("2027-11-30", typed, null);
  });

  browserTest("what others set is shown until the field is changed", async () => {
    const { alice, field, untilDates, bobSets, shows } = await openCard();
    await field.focus();
    await bobSets("2027-05-05");
    await shows("2027-05-05");
    await alice.page.keyboard.press("Tab");
    await alice.page.keyboard.press("Escape");
    await alice.dialog.waitFor({ state: "detached" });
    await bobSets(null);
    await untilDates("2027-05-05", null);
  });
});
