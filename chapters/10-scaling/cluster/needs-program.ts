import { test } from "vitest";
import { findProgram } from "./program.ts";

/**
 * A `test` for what needs programs that are not part of the course. Without one of them it is reported as skipped,
 * unless `REQUIRE_ALL=1`, under which it fails.
 */
export function needsProgram(...programs: readonly string[]) {
  const missing = programs.find((program) => findProgram(program) === undefined);
  return (name: string, run: () => void | Promise<void>, timeoutMs?: number): void => {
    if (missing === undefined) {
      test(name, run, timeoutMs);
    } else if (process.env.REQUIRE_ALL === "1") {
      test(name, () => {
        throw new Error(`${missing} is not installed, and REQUIRE_ALL=1 says that it has to be.`);
      });
    } else {
      test.skip(`${name} (skipped: no ${missing}; install it)`, run);
    }
  };
}
