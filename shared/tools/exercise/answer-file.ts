import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../chapters.ts";
import { ANSWER, type Exercise } from "./catalogue.ts";
import type { Progress } from "./progress.ts";

/** Where the learner writes, relative to the root. */
export function answerFile({ folder }: Exercise): string {
  return `${folder}/${ANSWER}`;
}

/** The learner's text, or undefined when the file is gone. */
export function readAnswer(exercise: Exercise, root = ROOT): string | undefined {
  const file = join(root, answerFile(exercise));
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * Makes sure that there is an answer to work on: a copy of `exercise.ts`. One that nobody has touched yet follows
 * `exercise.ts`, when an update of the course brings a better one, or when somebody writes there.
 *
 * @param progress remembers what the answer began as
 */
export function prepareAnswer(exercise: Exercise, progress: Progress, root = ROOT): void {
  const given = readGiven(exercise, root);
  const answer = readAnswer(exercise, root);
  const isUntouched = answer !== undefined && hash(answer) === progress.starters[exercise.id];
  if (answer !== undefined && !isUntouched) return;
  if (answer !== given) writeFileSync(join(root, answerFile(exercise)), given);
  progress.starters[exercise.id] = hash(given);
}

/** The answer is still the given file. */
export function isAsGiven(exercise: Exercise, root = ROOT): boolean {
  return readAnswer(exercise, root) === readGiven(exercise, root);
}

/**
 * Puts the given file in the place of the answer.
 * @returns the copy of the answer that was there, relative to the root; undefined when there was nothing to keep
 */
export function resetAnswer(exercise: Exercise, progress: Progress, root = ROOT): string | undefined {
  let copy: string | undefined;
  if (readAnswer(exercise, root) !== undefined && !isAsGiven(exercise, root)) {
    copy = nameOfCopy(exercise, root);
    copyFileSync(join(root, answerFile(exercise)), join(root, copy));
  }
  const given = readGiven(exercise, root);
  writeFileSync(join(root, answerFile(exercise)), given);
  progress.starters[exercise.id] = hash(given);
  return copy;
}

function nameOfCopy({ folder }: Exercise, root: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${folder}/${ANSWER.replace(".ts", `-${number}.ts`)}`;
    if (!existsSync(join(root, name))) return name;
  }
}

function readGiven({ folder }: Exercise, root: string): string {
  return readFileSync(join(root, folder, "exercise.ts"), "utf8");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
