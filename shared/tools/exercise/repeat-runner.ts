import { inject, type RunnerTestCase } from "vitest";
import { VitestTestRunner } from "vitest/runners";

declare module "vitest" {
  interface ProvidedContext {
    /** How often each test is run. */
    times: number;
  }
}

/** Runs each test several times. A solution that passes now and then is none. */
// biome-ignore lint/style/noDefaultExport: Vitest wants it so
export default class RepeatRunner extends VitestTestRunner {
  override onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    test.repeats = inject("times") - 1;
    return super.onBeforeRunTask(test);
  }
}
