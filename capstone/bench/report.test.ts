import { expect, test } from "vitest";
import type { Section } from "./measured.ts";
import type { Sample } from "./ratios.ts";
import { sectionText, verdicts } from "./report.ts";

const SECTION: Section = {
  title: "Sockets",
  metrics: [{ key: "cpu", title: "CPU", unit: "s", show: (value) => value.toFixed(1), isBetter: "less" }],
  targets: [
    { metric: "cpu", peer: "other", atMost: 0.7 },
    { metric: "cpu", atMost: 3 },
    { metric: "rate", peer: "other", atLeast: 15 },
  ],
};

const sample = (server: string, repetition: number, cpu: number): Sample => ({
  server,
  repetition,
  values: { cpu },
});

const SAMPLES = [
  sample("this server", 1, 3),
  sample("other", 1, 4),
  sample("other", 2, 20),
  sample("this server", 2, 12),
];

test("a target is held against the median of the paired ratios; what was not measured is left out", () => {
  const found = verdicts(SECTION, SAMPLES).map(({ measured, isMet }) => [measured, isMet]);
  // 3/4 and 12/20; then the median of 3 and 12.
  expect(found).toEqual([
    [0.675, true],
    [7.5, false],
  ]);
});

test("the tables show medians with what they lie between", () => {
  const text = sectionText(SECTION, SAMPLES);
  expect(text).toContain("| CPU (s) | 7.5 (3.0–12.0) | 12.0 (4.0–20.0) |");
  expect(text).toContain("0.68 × (0.60 ×–0.75 ×)");
  expect(text).toContain("- Met: CPU (s): at most 0.70 × other; measured 0.68 ×");
  expect(text).toContain("- Missed: CPU (s): at most 3.0 s; measured 7.5");
});
