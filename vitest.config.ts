import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take long: real pages, real processes, and waiting for real time. */
const SLOW =
  /soak|capstone\/tests|page\.test|chapter\.test|contract|resume|decoder|accounts|10-scaling|tools\/exercise/;

/** A slow file that begins last would be waited for alone. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    include: ["{chapters,capstone,shared}/**/*.test.ts"],
    // Real servers, real browsers and child processes: slower than a unit test, still bounded.
    testTimeout: 20_000,
    // More than there are cores: most of the time a test waits for something.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    hookTimeout: 30_000,
    sequence: { sequencer: SlowFirst },
  },
});
