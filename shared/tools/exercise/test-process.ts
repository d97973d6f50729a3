import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../chapters.ts";
import type { Attempt, AttemptResult } from "./run-answers.ts";

/** Runs answers in a process of its own, so that code which never ends can be ended. */
export interface TestProcess {
  /**
   * One run at a time.
   * @param limitMs how long all of it may take, in milliseconds. @default 20000
   * @returns the results; `"endless"` when they took too long; a text when the tests could not be run at all
   */
  run(attempts: readonly Attempt[], limitMs?: number): Promise<AttemptResult[] | "endless" | string>;
  stop(): void;
}

export type Answered = { readonly results: AttemptResult[] } | { readonly error: string };

/** Longer than all tests of an exercise may take together, in milliseconds. */
const LIMIT_MS = 20_000;

export function startTestProcess(): TestProcess {
  let child: ChildProcess | undefined;
  let stderr = "";

  function start(): ChildProcess {
    stderr = "";
    const started = fork(join(import.meta.dirname, "test-process-child.ts"), [], {
      cwd: ROOT,
      execArgv: ["--import", "tsx", "--no-warnings"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    started.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-2_000);
    });
    return started;
  }

  function stop(): void {
    child?.kill("SIGKILL");
    child = undefined;
  }

  return {
    stop,
    async run(attempts, limitMs = LIMIT_MS) {
      child ??= start();
      const running = child;
      const answered = await new Promise<Answered | "endless" | "gone">((resolve) => {
        const timer = setTimeout(() => resolve("endless"), limitMs);
        const gone = () => resolve("gone");
        running.once("exit", gone);
        running.once("message", (message: Answered) => {
          clearTimeout(timer);
          running.off("exit", gone);
          resolve(message);
        });
        running.once("error", gone);
        running.send([...attempts], (error) => error && gone());
      });
      if (answered === "endless" || answered === "gone") {
        stop();
        return answered === "endless" ? "endless" : `the process of the tests has ended: ${stderr.trim()}`;
      }
      return "error" in answered ? answered.error : answered.results;
    },
  };
}
