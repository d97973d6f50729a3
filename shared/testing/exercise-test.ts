import { test as base, chai } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** What a test of an exercise did, in the learner's words. `npm run exercise` shows it when the test fails. */
    steps?: string[];
  }
}

/** Says what a test does, one step a line: `log("alice sends POST /tasks")`. */
export type Log = (step: string) => void;

/**
 * The `test` of the exercises: vitest's, with a `log`.
 *
 * @example
 * test("an event ends with an empty line", ({ log }) => {
 *   log('formatEvent({ id: "7", data: "hello" })');
 *   expect(formatEvent({ id: "7", data: "hello" }), "the text of the event").toBe("id: 7\ndata: hello\n\n");
 * });
 */
export const test = base.extend<{ log: Log }>({
  log: async ({ task }, use) => {
    const steps: string[] = [];
    task.meta.steps = steps;
    await use((step) => void steps.push(step));
  },
});

/**
 * Waits until a condition holds, and fails the test in the learner's words when it does not.
 *
 * @param what completes "waited for …": `Bob's stream to get event 10`
 * @param cameInstead what there is so far, shown when it never holds
 * @param withinMs how long at most, in milliseconds; less than a test's limit of two seconds
 * @returns the first value that is neither false, null nor undefined
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  cameInstead: () => unknown = () => "nothing",
  withinMs = 1_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value != null) return value as NonNullable<T>;
    if (performance.now() > deadline) throw tooLate(what, withinMs, cameInstead());
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/**
 * The value of a promise that the exercise's code has to settle. One that is never settled fails the test in the
 * learner's words.
 *
 * @param what completes "waited for …": `the answer to Bob's poll`
 */
export async function settled<T>(what: string, promise: Promise<T>, withinMs = 1_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooLate(what, withinMs, "nothing")), withinMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Fails a test as an expectation does, and not as a crash. */
function tooLate(what: string, withinMs: number, actual: unknown): Error {
  return new chai.AssertionError(`waited ${withinMs} ms for ${what}`, { actual, expected: what });
}
