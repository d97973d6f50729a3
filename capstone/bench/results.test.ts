// What the board's README says of its speed is what the last whole run has measured.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const cellsOf = (row: string) => row.split("|").map((cell) => cell.trim());

/** What the rows of the README are called in the results. */
const METRICS: Readonly<Record<string, string>> = {
  "CPU time of a delivery, one event at a time": "One at a time (CPU s / million)",
  "Deliveries per second, 100 events in one turn": "Bursts (deliveries / s)",
  "Changes per second, 64 writers: stored, answered, delivered to all": "Changes (per s)",
  "Delay on a quiet board, median": "Delay, quiet, p50 (ms)",
  "Idle connection (kB of heap)": "Idle connection (kB of heap)",
};

/** The medians of a table of ratios, by row and column. */
function ratiosIn(text: string, corner: string): Map<string, Map<string, number>> {
  const lines = text.split("\n");
  const tables = lines.flatMap((line, index) => (line.startsWith(`| ${corner} `) ? [index] : []));
  const byRow = new Map<string, Map<string, number>>();
  for (const start of tables) {
    const head = cellsOf(lines[start] ?? "");
    for (const line of lines.slice(start + 2)) {
      if (!line.startsWith("|")) break;
      const cells = cellsOf(line);
      const name = cells[1] ?? "";
      const columns = byRow.get(name) ?? new Map<string, number>();
      byRow.set(name, columns);
      head.forEach((column, index) => {
        if (index > 1 && column) columns.set(column, Number.parseFloat(cells[index] ?? ""));
      });
    }
  }
  return byRow;
}

test("the README's ratios are those of the results", () => {
  const measured = ratiosIn(read("results.md"), "This server, compared with");
  const said = ratiosIn(read("../README.md"), "This server");
  expect([...said.keys()]).toEqual(Object.keys(METRICS));
  for (const [row, columns] of said) {
    for (const [column, ratio] of columns) {
      const peer = column.replace(/^Beside /, "").replaceAll("`", "");
      const median = measured.get(METRICS[row] ?? "")?.get(peer);
      expect(median, `${row}, ${column}`).toBeDefined();
      // A factor of many is rounded.
      expect(ratio, `${row}, ${column}`).toBe(ratio < 5 ? median : Math.round(median ?? 0));
    }
  }
});

test("all targets are met", () => {
  const { targets } = JSON.parse(read("results.json")) as { targets: { isMet: boolean }[] };
  expect(targets.length).toBeGreaterThan(0);
  for (const target of targets) expect(target).toMatchObject({ isMet: true });
});
