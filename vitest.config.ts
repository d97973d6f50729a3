import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{chapters,capstone,exercises,shared}/**/*.test.ts"],
    // Real servers, real browsers and child processes: slower than a unit test, still bounded.
    testTimeout: 20_000,
    // More than there are cores: most of the time a test waits for something.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    hookTimeout: 30_000,
  },
});
