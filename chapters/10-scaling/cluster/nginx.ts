// nginx with a copy of nginx.conf: the same but for its port and its nodes.
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SettingError } from "../../../shared/settings.ts";
import { onFreePort, onSamePort, PortTakenError } from "./free-port.ts";
import type { Front, FrontOptions } from "./front.ts";
import { findProgram, type Program, startProgram } from "./program.ts";

/** How long it may take to start, or to take a new configuration, in milliseconds. */
const READY_WITHIN_MS = 10_000;

const CONFIGURATION_FILE = new URL("../nginx.conf", import.meta.url);

export interface NginxSettings {
  /** Its program. @default what is installed */
  readonly command?: string | undefined;
  /** The text that is copied. @default nginx.conf of this chapter */
  readonly configuration?: string;
  /** Called with each line that it logs. */
  readonly onLine?: (line: string) => void;
}

/** @throws {SettingError} when it is not installed, the port is taken, or the configuration is wrong */
export async function startNginx(
  options: FrontOptions,
  settings: NginxSettings = {},
): Promise<Required<Front>> {
  const { command = findProgram("nginx"), onLine = () => {} } = settings;
  const { configuration = readFileSync(CONFIGURATION_FILE, "utf8") } = settings;
  if (command === undefined) {
    throw new SettingError(
      "nginx is not installed: install it (Debian: apt install nginx; macOS: brew install nginx).",
    );
  }
  const program = command;
  const folder = await mkdtemp(join(tmpdir(), "real-time-apis-nginx-"));
  const file = join(folder, "nginx.conf");
  let { nodes } = options;
  let running: RunningNginx | undefined;

  async function run(port: number): Promise<number> {
    await writeFile(file, configure(configuration, port, nodes));
    running = runNginx(program, ["-p", folder, "-c", file], port, onLine);
    try {
      await running.ready;
    } catch (error) {
      // It would try again for two seconds to get the port.
      await running.program.kill();
      throw error;
    }
    return port;
  }

  async function stop(): Promise<void> {
    await running?.program.stop();
    await rm(folder, { recursive: true, force: true });
  }

  let port: number;
  try {
    port = options.port ? await run(options.port) : await onFreePort(run);
  } catch (error) {
    await stop();
    throw error;
  }

  // One after the other: the answer to a reload does not say which one it is for.
  let lastReload: Promise<void> = Promise.resolve();
  async function reload(): Promise<void> {
    await writeFile(file, configure(configuration, port, nodes));
    if (running && running.program.state !== "stopped") await running.reload();
  }

  return {
    kind: "nginx",
    port,
    async setNodes(next) {
      nodes = [...next];
      lastReload = lastReload.then(reload, reload);
      await lastReload;
    },
    kill: async () => running?.program.kill(),
    start: async () => {
      if (running?.program.state === "stopped") await onSamePort(port, run);
    },
    freeze: () => running?.program.freeze(),
    thaw: () => running?.program.thaw(),
    stop,
  };
}

/** A copy of the configuration in which only the lines with the port and the nodes are different. */
export function configure(text: string, port: number, nodes: readonly number[]): string {
  return text
    .replace(/^( *listen 127\.0\.0\.1:)\d+;$/gm, `$1${port};`)
    .replace(/(?:^ *server 127\.0\.0\.1:\d+.*;\n)+/gm, (group) => {
      const [, start, rest] = /^( *server 127\.0\.0\.1:)\d+(.*);\n/.exec(group) ?? [];
      // nginx refuses a group without a server, so there is one that it must not use: it answers 502.
      if (nodes.length === 0) return `${start}1 down;\n`;
      return nodes.map((node) => `${start}${node}${rest};\n`).join("");
    });
}

interface RunningNginx {
  readonly program: Program;
  /** It takes connections. */
  readonly ready: Promise<void>;
  /** Reads its configuration again. Resolves when none of the workers with the old one takes connections any more. */
  reload(): Promise<void>;
}

/**
 * nginx says in its log what we wait for, so there is nothing to ask again and again. "start worker process N" comes
 * when its port is open, and "gracefully shutting down" when a worker of the old configuration has seen that it is
 * to stop. A worker does one thing at a time: after that line it closes the port, and accepts nothing in between.
 */
function runNginx(
  command: string,
  args: readonly string[],
  port: number,
  onLine: (line: string) => void,
): RunningNginx {
  /** The workers with the configuration that was read last. */
  let workers = new Set<number>();
  /** Those with an older one that still take connections. */
  let old = new Set<number>();
  /** It was told to read its configuration, and has not begun. */
  let isToReload = false;
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};

  const program = startProgram({
    command,
    args,
    onLine(line) {
      onLine(line);
      follow(line);
      if (!isToReload && workers.size > 0 && old.size === 0) resolve();
    },
    onExit: () => reject(new Error(`nginx has ended:\n${program.lines.join("\n")}`)),
  });

  function follow(line: string): void {
    const started = numberIn(line, /: start worker process (\d+)$/);
    const shutting = numberIn(line, / (\d+)#\d+: gracefully shutting down$/);
    const exited = numberIn(line, /: worker process (\d+) exited /);
    if (started !== undefined) workers.add(started);
    for (const ended of [shutting, exited]) {
      if (ended === undefined) continue;
      workers.delete(ended);
      old.delete(ended);
    }
    if (line.endsWith(": reconfiguring")) {
      isToReload = false;
      old = workers;
      workers = new Set();
    }
    const problem = /\[emerg\] (?:\d+#\d+: )?(.*)$/.exec(line)?.[1];
    if (problem === undefined) return;
    reject(explain(problem, port));
    // It goes on with the workers that it has.
    workers = new Set([...workers, ...old]);
    old.clear();
  }

  function wait(what: string): Promise<void> {
    return new Promise<void>((onReady, onProblem) => {
      const tooLate = () => onProblem(new Error(`nginx has not ${what} within ${READY_WITHIN_MS} ms.`));
      const timer = setTimeout(tooLate, READY_WITHIN_MS);
      resolve = () => {
        clearTimeout(timer);
        onReady();
      };
      reject = (error) => {
        clearTimeout(timer);
        onProblem(error);
      };
    });
  }

  return {
    program,
    ready: wait("started"),
    reload() {
      isToReload = true;
      program.signal("SIGHUP");
      return wait("taken its new configuration");
    },
  };
}

function numberIn(line: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What a person can mend, in one sentence. */
function explain(problem: string, port: number): SettingError {
  if (problem.includes("Address already in use")) return new PortTakenError(port);
  if (problem.includes("bind()") && problem.includes("Permission denied")) {
    return new SettingError(`Port ${port} is not allowed for this user: set PORT to a number above 1023.`);
  }
  return new SettingError(`nginx cannot use its configuration: ${problem}.`);
}
