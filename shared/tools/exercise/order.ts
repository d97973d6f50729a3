import type { Exercise } from "./catalogue.ts";
import type { Verdict } from "./grade.ts";
import type { Progress, ProgressFile } from "./progress.ts";

/**
 * The next exercise to solve: the first unsolved one behind `after`, and from the beginning again when there is none.
 * @returns undefined when all are solved
 */
export function nextUnsolved(
  exercises: readonly Exercise[],
  progress: Progress,
  after?: Exercise,
): Exercise | undefined {
  const start = after === undefined ? 0 : exercises.indexOf(after) + 1;
  const inOrder = [...exercises.slice(start), ...exercises.slice(0, start)];
  return inOrder.find(({ id }) => !(id in progress.solved));
}

/** Where the learner left off: the current exercise while it is unsolved, else the next one. */
export function whereToGoOn(exercises: readonly Exercise[], progress: Progress): Exercise | undefined {
  const current = exercises.find(({ id }) => id === progress.current);
  if (current && !(current.id in progress.solved)) return current;
  return nextUnsolved(exercises, progress, current);
}

/** Notes that an answer has passed. It stays solved, whatever is tried out with it afterwards. */
export function record({ id }: Exercise, verdict: Verdict, { progress, save }: ProgressFile): void {
  if (verdict.kind !== "solved") return;
  progress.solved[id] ??= new Date().toISOString();
  save();
}

/** Lets the learner see one hint more, if there is one. */
export function allowHint({ id, hints }: Exercise, { progress, save }: ProgressFile): void {
  progress.hints[id] = Math.min((progress.hints[id] ?? 0) + 1, hints.length);
  save();
}
