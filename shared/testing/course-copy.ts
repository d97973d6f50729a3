import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { ROOT } from "../tools/chapters.ts";

/**
 * A copy of the course in a folder of its own, for tests of tools that write into it, until the file's tests have ended.
 * @param exercises which of them it has: folders below `exercises`, `03-sse/1-format-event`
 * @returns its folder
 */
export function copyCourse(exercises: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "real-time-apis-course-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  for (const name of ["package.json", "tsconfig.json", "shared", "chapters"]) {
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "junction");
  for (const name of exercises) {
    cpSync(join(ROOT, "exercises", name), join(root, "exercises", name), {
      recursive: true,
      filter: (path) => !/answer[^/]*\.ts$/.test(path),
    });
  }
  return root;
}
