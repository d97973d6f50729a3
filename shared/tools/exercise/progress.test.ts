import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import type { Exercise } from "./catalogue.ts";
import { nextUnsolved, record, whereToGoOn } from "./order.ts";
import { openProgress } from "./progress.ts";

function course() {
  const root = temporaryFolder();
  mkdirSync(join(root, "exercises"));
  return root;
}

const EXERCISES = ["00-a", "00-b", "01-c"].map(
  (id): Exercise => ({ id, title: id, size: "small", folder: id, mistakes: [], hints: [] }),
);
const [A, B, C] = EXERCISES as [Exercise, Exercise, Exercise];

test("what was solved is there the next time, and so is what is solved in exercises that are gone", () => {
  const root = course();
  const first = openProgress(root);
  record(A, { kind: "solved", tests: [], output: [] }, first);
  record({ ...A, id: "00-gone" }, { kind: "solved", tests: [], output: [] }, first);
  expect(Object.keys(openProgress(root).progress.solved)).toEqual(["00-a", "00-gone"]);
});

test("what is solved stays solved, whatever is tried out with it; and only what passes is solved", () => {
  const file = openProgress(course());
  record(A, { kind: "solved", tests: [], output: [] }, file);
  record(A, { kind: "endless" }, file);
  record(B, { kind: "skipped", tests: [] }, file);
  expect(Object.keys(file.progress.solved)).toEqual(["00-a"]);
});

test("a record that cannot be read is kept, and said so", () => {
  const root = course();
  writeFileSync(join(root, "exercises/.progress.json"), "{ half of it");
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  openProgress(root).save();
  expect(write.mock.calls.join()).toMatch(/could not be read: it is kept as .*\.progress-\d+\.json/);
  write.mockRestore();
  const kept = readdirSync(join(root, "exercises")).find((name) => /^\.progress-\d+\.json$/.test(name)) ?? "";
  expect(readFileSync(join(root, "exercises", kept), "utf8")).toBe("{ half of it");
});

test("the next exercise is the next unsolved one, from the beginning again after the last", () => {
  const { progress } = openProgress(course());
  expect(nextUnsolved(EXERCISES, progress)?.id).toBe("00-a");
  expect(nextUnsolved(EXERCISES, progress, A)?.id).toBe("00-b");
  progress.solved["00-b"] = "2026-11-22T08:00:00.000Z";
  expect(nextUnsolved(EXERCISES, progress, A)?.id).toBe("01-c");
  expect(nextUnsolved(EXERCISES, progress, C)?.id).toBe("00-a");
  progress.solved["00-a"] = "2026-11-22T08:00:00.000Z";
  expect(nextUnsolved(EXERCISES, progress, C)?.id).toBe("01-c");
  progress.solved["01-c"] = "2026-11-22T08:00:00.000Z";
  expect(nextUnsolved(EXERCISES, progress, C)).toBeUndefined();
});

test("the learner goes on with what is under way, and after it with the next one", () => {
  const { progress } = openProgress(course());
  progress.current = "00-b";
  expect(whereToGoOn(EXERCISES, progress)?.id).toBe("00-b");
  progress.solved["00-b"] = "2026-11-22T08:00:00.000Z";
  expect(whereToGoOn(EXERCISES, progress)?.id).toBe("01-c");
  progress.current = "00-gone";
  expect(whereToGoOn(EXERCISES, progress)?.id).toBe("00-a");
});
