// Another program, as something that can be killed, frozen and stopped, and that never outlives this process.
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** How long a program may take to stop, in milliseconds, before it is killed. */
const STOP_WITHIN_MS = 5_000;

/** How many of its last lines are kept, to say why it has ended. */
const KEPT_LINES = 50;

export interface ProgramOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** @default this process's */
  readonly cwd?: string;
  /** Called with each line that it writes, to its standard output or to the one for errors. */
  readonly onLine?: (line: string) => void;
  readonly onExit?: (exit: ProgramExit) => void;
  /** How long `stop` waits before it kills, in milliseconds. @default 5000 */
  readonly stopWithinMs?: number;
}

export interface ProgramExit {
  /** Null if a signal has ended it. 127: there is no such command. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type ProgramState = "running" | "frozen" | "stopped";

export interface Program {
  readonly pid: number;
  readonly state: ProgramState;
  /** The last lines that it has written. */
  readonly lines: readonly string[];
  /** It has ended, and so has everything that it had started in its process group. */
  readonly exited: Promise<ProgramExit>;
  /** As if the power were cut: SIGKILL, which no program can see. */
  kill(): Promise<void>;
  /** It stands still (SIGSTOP). Its connections stay open, and its system still takes new ones. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Stops it in good order, also when it is frozen; kills it if it takes too long. */
  stop(): Promise<void>;
  /** Sends a signal to the program alone, not to what it has started. */
  signal(name: NodeJS.Signals): void;
}

/**
 * Starts a program in a process group of its own: Ctrl-C in the terminal is for us, and freezing means all of it.
 * (nginx's workers go on without their master: to stop or kill only that one would not be enough.)
 *
 * A program does not end with the process that has started it. A process that is killed cannot do anything about that
 * any more, so a guard does, which waits for the end of a pipe from us. The system closes the pipe however we end.
 */
export function startProgram(options: ProgramOptions): Program {
  const { command, args = [], onLine = () => {}, onExit = () => {} } = options;
  const { env = process.env, cwd = process.cwd(), stopWithinMs = STOP_WITHIN_MS } = options;
  const lines: string[] = [];
  let state: ProgramState = "running";

  // It waits for a word before it becomes the program: until then the guard does not know it, and we could be killed.
  const child = spawn("sh", ["-c", 'read -r go && exec "$0" "$@"', command, ...args], {
    detached: true,
    env,
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { stdin, stdout, stderr } = child;
  const pid = pidOf(child);
  const dismissGuard = guardGroup(pid);
  stdin.on("error", () => {}); // it may have been killed already
  stdin.end("go\n");
  for (const output of [stdout, stderr]) readLines(output, keepLine);

  function keepLine(line: string): void {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine(line);
  }

  const exited = new Promise<ProgramExit>((resolve) => {
    child.once("exit", () => {
      state = "stopped";
      // Others of its group may have outlived it. While they are there, the system gives its number to nobody else.
      signalGroup(pid, "SIGKILL");
      dismissGuard();
    });
    // After "exit": its outputs are closed, so nobody is left who could write to them.
    child.once("close", (code, signal) => {
      resolve({ code, signal });
      onExit({ code, signal });
    });
  });

  async function kill(): Promise<void> {
    if (state !== "stopped") signalGroup(pid, "SIGKILL");
    await exited;
  }

  function thaw(): void {
    if (state !== "frozen") return;
    signalGroup(pid, "SIGCONT");
    state = "running";
  }

  return {
    pid,
    get state() {
      return state;
    },
    lines,
    exited,
    kill,
    freeze() {
      if (state !== "running") return;
      signalGroup(pid, "SIGSTOP");
      state = "frozen";
    },
    thaw,
    async stop() {
      child.kill("SIGTERM");
      thaw();
      const timer = setTimeout(kill, stopWithinMs);
      await exited;
      clearTimeout(timer);
    },
    signal: (name) => void child.kill(name),
  };
}

/** @throws when it could not be started, which `spawn` tells later only */
function pidOf(child: ChildProcess): number {
  child.on("error", () => {});
  if (child.pid === undefined) throw new Error(`No program can be started: ${child.spawnfile} is missing.`);
  return child.pid;
}

/**
 * Starts a process that kills a process group when this process is gone.
 * @returns ends it: the group is gone, and its number may soon be somebody else's
 */
function guardGroup(groupId: number): () => void {
  // `read` fails at the end of the pipe. A line says that there is nothing left to guard.
  const guard: ChildProcess = spawn("sh", ["-c", 'read -r done || kill -KILL "-$0"', String(groupId)], {
    // Whoever kills our group must not kill it too.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  pidOf(guard);
  guard.stdin?.on("error", () => {});
  guard.unref();
  return () => void guard.stdin?.end("done\n");
}

function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    // Nobody is left in it. (macOS says EPERM when all who are left have ended.)
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

function readLines(output: Readable, onLine: (line: string) => void): void {
  createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
}

/** Where Debian has servers; not on the PATH of ordinary users. */
const SERVER_FOLDERS = ["/usr/sbin", "/usr/local/sbin"];

/** The path of an installed program. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders, ...SERVER_FOLDERS].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
