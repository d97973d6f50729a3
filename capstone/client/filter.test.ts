import { expect, test } from "vitest";
import type { Task } from "../board/events.ts";
import { dayOf, dueState, isFiltering, isShown, NO_FILTER, parseFilter, queryOf } from "./filter.ts";

const TODAY = "2026-11-22";
const task: Task = {
  id: "task-1",
  listId: "list-1",
  title: "Draw the Logo",
  description: "Without colour",
  assigneeId: "bob",
  labels: ["design"],
  dueOn: "2026-11-25",
  position: "a0",
  version: 1,
  updatedAt: "2026-11-01T00:00:00.000Z",
  createdBy: "alice",
};

const shows = (change: object, of: Task = task) => isShown(of, { ...NO_FILTER, ...change }, TODAY);

test("text: all words, anywhere on the card, in any case", () => {
  expect(shows({ text: "logo COLOUR design" })).toBe(true);
  expect(shows({ text: "logo green" })).toBe(false);
});

test("assignee: somebody, nobody, anybody", () => {
  expect(shows({ assignee: "bob" })).toBe(true);
  expect(shows({ assignee: "alice" })).toBe(false);
  expect(shows({ assignee: "none" })).toBe(false);
  expect(shows({ assignee: "none" }, { ...task, assigneeId: null })).toBe(true);
  expect(shows({ assignee: "alice" }, { ...task, assigneeId: null })).toBe(false);
});

test("label and due date", () => {
  expect(shows({ label: "design" })).toBe(true);
  expect(shows({ label: "des" })).toBe(false);
  expect(shows({ due: "soon" })).toBe(true);
  expect(shows({ due: "soon" }, { ...task, dueOn: TODAY })).toBe(true);
  expect(shows({ due: "overdue" })).toBe(false);
  expect(shows({ due: "overdue" }, { ...task, dueOn: "2026-11-21" })).toBe(true);
  expect(shows({ due: "soon" }, { ...task, dueOn: null })).toBe(false);
});

test("a due date is overdue only on the day after", () => {
  expect(dueState("2026-11-21", TODAY)).toBe("overdue");
  expect(dueState(TODAY, TODAY)).toBe("today");
  expect(dueState("2026-11-29", TODAY)).toBe("soon");
  expect(dueState("2026-11-30", TODAY)).toBe("later");
  expect(dueState(null, TODAY)).toBe("none");
});

test("today is the day where the user is, not in Greenwich", () => {
  expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  expect(dayOf(new Date(2026, 0, 5, 0, 1))).toBe("2026-01-05");
});

test("a filter survives the address", () => {
  const filter = { text: "a & b", assignee: "none", label: "50 %", due: "overdue" } as const;
  expect(parseFilter(queryOf(filter))).toEqual(filter);
  expect(queryOf(NO_FILTER)).toBe("");
  expect(isFiltering(parseFilter("?due=never"))).toBe(false);
});
