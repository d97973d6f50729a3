import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { basename, join } from "node:path";
import { SETTING_EXIT_CODE } from "../settings.ts";
import type { Part, PartAction, ServerMessage } from "./parts.ts";

/** How long a server may take to stop, in milliseconds, before it is killed. */
const STOP_WITHIN_MS = 10_000;

/** An editor saves in several steps: changes this close together, in milliseconds, are one. */
const SETTLE_MS = 100;

export interface SupervisedServer {
  /** The program: what `programOf` says, or anything else that sends a `ServerMessage` when it listens. */
  readonly file: string;
  /** Folders whose changes restart it. */
  readonly watch: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** @param because what led to this start, as a sentence; undefined for the first one */
  onListening(port: number, because: string | undefined): void;
  /** It does not run (any more). */
  onExit?(): void;
  /** The programs that belong to it are these now. It may say so before it listens. */
  onParts?(parts: readonly Part[]): void;
}

export interface Supervisor {
  /** Stops the server and starts it again. */
  restart(because: string): void;
  /** Asks the server to do something with one of its parts. Without a server there are none, and nothing happens. */
  act(asked: PartAction): void;
  /** Stops it for good, in good order if it can. */
  stop(): Promise<void>;
  /** The exit code for this process, when all is over. */
  readonly finished: Promise<number>;
}

/**
 * The file that runs a chapter: its `server.ts`, or a `cluster.ts` that starts several of those and what stands in front
 * of them.
 *
 * @param folder the chapter's
 */
export function programOf(folder: string): string {
  const cluster = join(folder, "cluster.ts");
  return existsSync(cluster) ? cluster : join(folder, "server.ts");
}

/**
 * Runs a server as a process of its own, restarts it when its code changes, and lets it end with this process.
 * A server that crashes is left alone until the next change.
 */
export function superviseServer(options: SupervisedServer): Supervisor {
  const { file, watch: folders, env, onListening, onExit = () => {}, onParts = () => {} } = options;
  const childEnv = { ...env };
  let server: ChildProcess | undefined;
  let finish: (code: number) => void = () => {};
  let stopping = false;
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });

  function start(because?: string): void {
    const child = fork(file, { env: childEnv, execArgv: ["--import", "tsx"] });
    server = child;
    child.on("message", (message: ServerMessage) => {
      if ("parts" in message) return onParts(message.parts);
      childEnv.PORT = String(message.listening); // the open pages find the next one where this one was
      onListening(message.listening, because);
    });
    child.on("exit", (code, signal) => {
      onExit();
      onParts([]);
      if (child !== server || stopping) return;
      // It has said in one sentence what to do, and no change of code will do that.
      if (code === SETTING_EXIT_CODE) end(1);
      else {
        const how = signal ? `was killed by ${signal}` : `has stopped with exit code ${code}`;
        console.error(`The server ${how}; it starts again when a file changes.`);
      }
    });
  }

  let isRestarting = false;
  async function restart(because: string): Promise<void> {
    // A further change while the old server stops is part of what the new one loads.
    if (isRestarting || stopping) return;
    isRestarting = true;
    const old = server;
    server = undefined;
    if (old) await stopServer(old);
    isRestarting = false;
    if (!stopping) start(because);
  }

  const watches = folders.map((folder) =>
    watchCode(folder, (name) => restart(`${name} changed: the server has restarted`)),
  );

  function end(code: number): void {
    for (const stopWatching of watches) stopWatching();
    finish(code);
  }

  start();
  return {
    restart,
    act(asked) {
      // Without the callback, a channel that breaks meanwhile would be an error that nobody listens to.
      if (server?.connected) server.send(asked, () => {});
    },
    async stop() {
      stopping = true;
      if (server) await stopServer(server);
      end(0);
    },
    finished,
  };
}

/** Closing the channel is the signal: it works on every system, and also when this process is killed. */
async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (child.connected) child.disconnect();
  const kill = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await exited;
  clearTimeout(kill);
}

/**
 * Calls `onChange` with the name of a changed file of server code. A folder that cannot be watched is said in one
 * sentence, and is no reason not to run.
 *
 * @returns stops watching
 */
export function watchCode(folder: string, onChange: (name: string) => void): () => void {
  const explain = (error: Error) =>
    console.error(`Files are not watched (${error.message}): start again after each change.`);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const watcher = watch(folder, { recursive: true }, (_event, name) => {
      if (name === null || !isServerCode(name)) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS, name);
    });
    watcher.on("error", explain);
    return () => watcher.close();
  } catch (error) {
    explain(error as Error);
    return () => {};
  }
}

/** Tests are not part of a server, and a client is bundled anew for every page. */
function isServerCode(path: string): boolean {
  const name = basename(path);
  return /\.(ts|sql|conf)$/.test(name) && !/\.test\.ts$/.test(name) && name !== "client.ts";
}
