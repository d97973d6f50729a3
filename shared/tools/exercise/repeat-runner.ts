import type { RunnerTestCase } from "vitest";
import { VitestTestRunner } from "vitest/runners";

/**
 * Runs each test as often as its module says: `exercise.test.ts?answer=solution.ts&times=20`. A solution that passes now and
 * then is none.
 */
// biome-ignore lint/style/noDefaultExport: Vitest wants it so
export default class RepeatRunner extends VitestTestRunner {
  override onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    test.repeats = Number(/&times=(\d+)/.exec(test.file.filepath)?.[1] ?? 1) - 1;
    return super.onBeforeRunTask(test);
  }
}
