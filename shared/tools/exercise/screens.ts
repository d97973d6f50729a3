import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listChapters, ROOT } from "../chapters.ts";
import { styled } from "../terminal.ts";
import { answerFile } from "./answer-file.ts";
import type { Exercise, Mistake } from "./catalogue.ts";
import type { Verdict } from "./grade.ts";
import type { Progress } from "./progress.ts";
import type { Failure, TestOutcome } from "./run-answers.ts";

/** The most lines of a value that are shown. */
const MAX_LINES = 14;

/** How a screen is to be. */
export interface ScreenOptions {
  /** The most steps of a test that are shown: the last ones. @default all of them */
  readonly maxSteps?: number;
}

const MAX_OUTPUT_LINES = 10;

/** How long a line of prose may be, in characters. */
const WIDTH = 96;

/** What is above everything else: the exercise, and where its files are. */
export function heading(exercise: Exercise): string {
  return [
    styled("bold", `${exercise.id} · ${exercise.title}`),
    `  Read   ${exercise.folder}/README.md`,
    `  Write  ${answerFile(exercise)}`,
  ].join("\n");
}

/** What came of an answer, in the learner's terms. */
export function verdictText(exercise: Exercise, verdict: Verdict, options: ScreenOptions = {}): string {
  if (verdict.kind === "endless") {
    return `${styled("red", "The tests do not end.")} Somewhere your code goes round for ever, so they were stopped.`;
  }
  if (verdict.kind === "broken") {
    return `${styled("red", "The file cannot be run.")}\n\n${indent(verdict.message.trim())}`;
  }
  const marks = verdict.tests.map(mark).join("\n");
  if (verdict.kind === "skipped") {
    return `${marks}\n\nSome tests were skipped, and their names say what is missing. It is solved when they pass too.`;
  }
  const text =
    verdict.kind === "solved" ? solvedText(exercise, verdict.tests) : failureText(verdict, options);
  return [marks, text, outputText(verdict.output)].filter((part) => part !== "").join("\n\n");
}

function solvedText({ folder }: Exercise, { length }: readonly TestOutcome[]): string {
  const passed = length === 1 ? "its test passes" : `all ${length} tests pass`;
  return `${styled("green", `Solved: ${passed}.`)}\n  Compare  ${folder}/solution.ts`;
}

function outputText(output: readonly string[]): string {
  if (output.length === 0) return "";
  return `  Your code wrote:\n${indent(output.slice(-MAX_OUTPUT_LINES).join("\n"))}`;
}

function mark({ name, state }: TestOutcome): string {
  if (state === "passed") return styled("dim", `  ✓ ${name}`);
  return state === "failed" ? `  ${styled("red", "✗")} ${name}` : `  - ${name}`;
}

function failureText(
  { tests, failedTest, failure }: Extract<Verdict, { kind: "failed" }>,
  { maxSteps = Number.POSITIVE_INFINITY }: ScreenOptions,
): string {
  const steps = tests.find(({ name }) => name === failedTest)?.steps ?? [];
  const left = Math.max(0, steps.length - maxSteps);
  return [
    styled("bold", failedTest ?? "An error that nobody waited for"),
    ...(left > 0 ? [styled("dim", `  (${left} ${left === 1 ? "step" : "steps"} before: press a)`)] : []),
    ...steps.slice(left).map((step) => `  ${step}`),
    "",
    ...comparison(failure),
    ...(failure.place ? [styled("dim", `  ${failure.place.file}:${failure.place.line}`)] : []),
  ].join("\n");
}

function comparison({ kind, message, expected, actual }: Failure): string[] {
  const said = kind === "crash" ? `  an error was thrown: ${message}` : `  ${message}`;
  if (expected === undefined && actual === undefined) return [styled("red", said)];
  const [wanted, came] = [lines(expected ?? ""), lines(actual ?? "")];
  const first = wanted.findIndex((line, index) => line !== came[index]);
  // Of long values, the lines around the first difference.
  const from = Math.max(0, Math.max(wanted.length, came.length) > MAX_LINES ? first - 3 : 0);
  return [
    styled("red", said),
    ...value("expected", wanted, from, "green"),
    ...value("came", came, from, "red"),
  ];
}

function value(label: string, all: readonly string[], from: number, color: "green" | "red"): string[] {
  const shown = all.slice(from, from + MAX_LINES);
  if (from > 0) shown.unshift("…");
  if (from + MAX_LINES < all.length) shown.push("…");
  return shown.map(
    (line, index) => `    ${(index === 0 ? label : "").padEnd(9)} ${styled(color, `│ ${line}`)}`,
  );
}

function lines(text: string): string[] {
  // What is invisible is made visible: it is often what is wrong.
  return text.replaceAll("\r", "␍").replaceAll("\0", "␀").split("\n");
}

/** Names a known mistake, and what to read again. */
export function mistakeText({ what, lesson, hint }: Mistake): string {
  return [
    styled("yellow", "This looks like a known mistake."),
    ...wrap(what, WIDTH).map((line) => `  ${line}`),
    `  Read again  ${lessonText(lesson)}`,
    ...wrap(`Think about this: ${hint}`, WIDTH).map((line) => `  ${line}`),
  ].join("\n");
}

/** With the line, which many terminals make a link. */
function lessonText(link: string): string {
  const [file = "", anchor = ""] = link.split("#");
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
  const index = lines.findIndex((line) => line.startsWith("#") && anchorOf(headingOf(line)) === anchor);
  return index === -1 ? file : `${file}:${index + 1}, "${headingOf(lines[index] ?? "")}"`;
}

function headingOf(line: string): string {
  return line.replace(/^#+ /, "");
}

/** What GitHub, and most editors, call a heading in a link. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

/** The hints that the learner has asked for. */
export function hintsText({ id, hints }: Exercise, { hints: shown }: Progress): string {
  return hints
    .slice(0, shown[id] ?? 0)
    .map(
      (hint, index) => `${styled("cyan", `Hint ${index + 1} of ${hints.length}`)}\n${indent(reflow(hint))}`,
    )
    .join("\n\n");
}

/** What follows when an exercise is solved. */
export function afterSolving(
  exercises: readonly Exercise[],
  progress: Progress,
  next: Exercise | undefined,
): string {
  const count = countText(exercises, progress);
  return next ? `${count} Next: ${next.id}, ${next.title}` : count;
}

/** All exercises by chapter, and how far the learner has come. */
export function listText(exercises: readonly Exercise[], progress: Progress): string {
  const titles = new Map(listChapters().map(({ name, title }) => [name, title]));
  const width = Math.max(...exercises.map(({ id }) => id.length));
  const rows: string[] = [];
  let last = "";
  for (const exercise of exercises) {
    const chapter = exercise.folder.split("/")[1] ?? "";
    if (chapter !== last)
      rows.push(`${last === "" ? "" : "\n"}${styled("bold", titles.get(chapter) ?? chapter)}`);
    last = chapter;
    const { id, size, title } = exercise;
    const sign =
      id in progress.solved ? styled("green", "✓") : id === progress.current ? styled("cyan", "→") : " ";
    rows.push(`  ${sign} ${id.padEnd(width)}  ${styled("dim", size.padEnd(6))}  ${title}`);
  }
  return `${rows.join("\n")}\n\n${countText(exercises, progress)}`;
}

export function countText(exercises: readonly Exercise[], progress: Progress): string {
  const solved = exercises.filter(({ id }) => id in progress.solved).length;
  if (solved === exercises.length) return `All ${solved} exercises are solved.`;
  return `${solved} of ${exercises.length} solved.`;
}

/** Markdown's paragraphs, in lines that fit into a terminal. */
function reflow(markdown: string): string {
  return markdown
    .split("\n\n")
    .map((paragraph) => wrap(paragraph.replaceAll("\n", " "), WIDTH).join("\n"))
    .join("\n\n");
}

export function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}

function wrap(text: string, width: number): string[] {
  const rows = [""];
  for (const word of text.split(" ")) {
    const row = rows.at(-1) ?? "";
    if (row !== "" && row.length + word.length >= width) rows.push(word);
    else rows[rows.length - 1] = row === "" ? word : `${row} ${word}`;
  }
  return rows;
}
