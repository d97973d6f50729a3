// Samples as tables, and the targets as met or missed.
import type { Metric, Section, Target } from "./measured.ts";
import { median, pairedRatios, type Sample, valuesOf } from "./ratios.ts";

/** The server that all others are compared with. */
export const OURS = "this server";

export interface Verdict extends Target {
  readonly section: string;
  readonly measured: number;
  readonly isMet: boolean;
}

/** Of the targets for which there are measurements. */
export function verdicts({ title, targets }: Section, samples: readonly Sample[]): Verdict[] {
  return targets.flatMap((target) => {
    const { metric, peer, atMost = Number.POSITIVE_INFINITY, atLeast = 0 } = target;
    const measured = median(
      peer === undefined ? valuesOf(samples, OURS, metric) : pairedRatios(samples, metric, OURS, peer),
    );
    if (Number.isNaN(measured)) return [];
    return [{ section: title, ...target, measured, isMet: measured <= atMost && measured >= atLeast }];
  });
}

/** Markdown: a table of the numbers, and one of the ratios. */
export function sectionText(section: Section, samples: readonly Sample[]): string {
  const servers = [...new Set(samples.map(({ server }) => server))];
  const others = servers.filter((server) => server !== OURS);
  const metrics = section.metrics.filter(({ key }) => samples.some(({ values }) => key in values));
  const name = ({ title, unit }: Metric) => `${title} (${unit})`;

  const numbers = metrics.map((metric) => [
    name(metric),
    ...servers.map((server) => show(valuesOf(samples, server, metric.key), metric.show)),
  ]);
  const compared = metrics.filter(({ isBetter }) => isBetter !== undefined);
  const ratios = compared.map((metric) => [
    name(metric),
    ...others.map((other) =>
      show(pairedRatios(samples, metric.key, OURS, other), (ratio) => `${ratio.toFixed(2)} ×`),
    ),
    `${metric.isBetter} is better`,
  ]);

  const parts = [`## ${section.title}`, table(["Median", ...servers], numbers)];
  if (others.length > 0 && servers.includes(OURS)) {
    parts.push(table(["This server, compared with", ...others, ""], ratios));
  }
  const targets = verdicts(section, samples).map((verdict) => verdictLine(verdict, section));
  if (targets.length > 0) parts.push(targets.join("\n"));
  return `${parts.join("\n\n")}\n`;
}

/** The median; in brackets the smallest and the largest. */
function show(values: readonly number[], format: (value: number) => string): string {
  if (values.length === 0) return "–";
  const middle = format(median(values));
  if (values.length === 1) return middle;
  return `${middle} (${format(Math.min(...values))}–${format(Math.max(...values))})`;
}

function verdictLine({ metric, peer, atMost, atLeast, measured, isMet }: Verdict, section: Section): string {
  const shown = section.metrics.find(({ key }) => key === metric) as Metric;
  const format = peer === undefined ? shown.show : (value: number) => `${value.toFixed(2)} ×`;
  const bound = atMost === undefined ? `at least ${format(atLeast ?? 0)}` : `at most ${format(atMost)}`;
  const compared = peer === undefined ? shown.unit : peer;
  return `- ${isMet ? "Met" : "Missed"}: ${shown.title} (${shown.unit}): ${bound} ${compared}; measured ${format(measured)}`;
}

/** As Markdown, with columns of equal width: readable before it is rendered too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
