import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { isAsGiven, prepareAnswer, readAnswer, resetAnswer } from "./answer-file.ts";
import type { Exercise } from "./catalogue.ts";
import { openProgress } from "./progress.ts";

const EXERCISE: Exercise = {
  id: "03-replay",
  title: "Replay",
  size: "large",
  folder: "exercises/03-sse/2-replay",
  mistakes: [],
  hints: [],
};

/** An exercise in a folder of its own. */
function course() {
  const root = temporaryFolder();
  const folder = join(root, EXERCISE.folder);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("exercise.ts", "given");
  const { progress } = openProgress(root);
  return { root, progress, write, read: (name: string) => readFileSync(join(folder, name), "utf8") };
}

test("an answer begins as a copy of what is given, and what is given stays as it is", () => {
  const { root, progress, write, read } = course();
  expect(readAnswer(EXERCISE, root)).toBeUndefined();
  prepareAnswer(EXERCISE, progress, root);
  expect(read("answer.ts")).toBe("given");
  expect(isAsGiven(EXERCISE, root)).toBe(true);
  write("answer.ts", "mine");
  expect(isAsGiven(EXERCISE, root)).toBe(false);
  expect(read("exercise.ts")).toBe("given");
});

test("an answer that somebody works on is never written over; an untouched one follows what is given", () => {
  const { root, progress, write, read } = course();
  prepareAnswer(EXERCISE, progress, root);
  write("exercise.ts", "given, and better");
  prepareAnswer(EXERCISE, progress, root);
  expect(read("answer.ts")).toBe("given, and better");
  write("answer.ts", "mine");
  write("exercise.ts", "given, the third");
  prepareAnswer(EXERCISE, progress, root);
  expect(read("answer.ts")).toBe("mine");
});

test("an answer that was there before the record of it is kept", () => {
  const { root, progress, write, read } = course();
  write("answer.ts", "mine, from another clone");
  prepareAnswer(EXERCISE, progress, root);
  expect(read("answer.ts")).toBe("mine, from another clone");
});

test("a reset keeps what was there, each time under a name of its own", () => {
  const { root, progress, write, read } = course();
  write("answer.ts", "first");
  expect(resetAnswer(EXERCISE, progress, root)).toBe("exercises/03-sse/2-replay/answer-1.ts");
  write("answer.ts", "second");
  expect(resetAnswer(EXERCISE, progress, root)).toBe("exercises/03-sse/2-replay/answer-2.ts");
  expect([read("answer-1.ts"), read("answer-2.ts"), read("answer.ts")]).toEqual(["first", "second", "given"]);
  expect(resetAnswer(EXERCISE, progress, root)).toBeUndefined();
});
