// The process that test-process.ts starts: it is sent attempts, and sends back what came of them.
import { type Attempt, runAnswers } from "./run-answers.ts";
import type { Answered } from "./test-process.ts";

process.on("message", async (attempts: Attempt[]) => {
  let answered: Answered;
  try {
    answered = { results: await runAnswers(attempts) };
  } catch (error) {
    answered = { error: (error as Error).message };
  }
  process.send?.(answered);
});
process.on("disconnect", () => process.exit());
