import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{chapters,capstone,exercises,shared}/**/*.test.ts"],
    // Real servers, real browsers and child processes: slower than a unit test, still bounded.
    testTimeout: 20_000,
    // One for each core: half of the time a test waits for something, so none has to be left free.
    maxWorkers: "100%",
    hookTimeout: 30_000,
  },
});
