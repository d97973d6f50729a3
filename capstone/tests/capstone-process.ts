// `npm run capstone` as a process of its own: with its settings, its signals and its exit codes.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const RUN = join(ROOT, "shared/tools/run.js");

type Environment = Readonly<Record<string, string>>;

export interface CapstoneProcess {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** @returns its exit code; null when the signal itself has ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Signs in as a demo user with one click. @returns the `Cookie` header to send from then on */
  signIn(userId: string): Promise<string>;
}

/** Starts it, and waits until it listens. It is killed when the running test has ended. */
export async function startProcess(environment: Environment): Promise<CapstoneProcess> {
  const child = fork(RUN, ["capstone"], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "", PORT: "0", LOG_LEVEL: "error", ...environment },
    execArgv: [],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [message] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("The board has not started."))),
  ]);
  const port: number = message.listening;
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    url,
    pid: child.pid ?? 0,
    end: (signal) => end(child, signal),
    async signIn(userId) {
      const response = await fetch(`${url}/session/demo`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ userId }),
      });
      if (response.status !== 200) throw new Error(`${userId} could not sign in: ${await response.text()}`);
      return response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = await exit;
  return code;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it with arguments, until it ends by itself. */
export async function runCommand(args: readonly string[], environment: Environment): Promise<Ended> {
  const child = spawn(process.execPath, [RUN, "capstone", ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "", PORT: "0", ...environment },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const [code] = await once(child, "close");
  return { code, ...said };
}
