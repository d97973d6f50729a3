import { expect, test } from "vitest";
import { formatCursor, parseCursor } from "./cursor.ts";

test("a cursor is read with and without its epoch", () => {
  expect(parseCursor("7")).toEqual({ seq: 7 });
  expect(parseCursor("a1b2:7")).toEqual({ epoch: "a1b2", seq: 7 });
  expect(parseCursor(formatCursor({ epoch: "a1b2", seq: 0 }))).toEqual({ epoch: "a1b2", seq: 0 });
});

test("anything else is no cursor", () => {
  for (const text of [
    "",
    "x",
    "-1",
    "1.5",
    "1e3",
    " 1",
    "1 ",
    ":1",
    "a:",
    "a:b:1",
    "é:1",
    "9".repeat(16),
    "1\n",
  ]) {
    expect(parseCursor(text), JSON.stringify(text)).toBeUndefined();
  }
});
