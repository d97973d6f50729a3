// A Redis of our own: empty, on this machine only, and gone when this process is.
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SettingError } from "../../../shared/settings.ts";
import { onFreePort, onSamePort, PortTakenError } from "./free-port.ts";
import { findProgram, type Program, type ProgramState, startProgram } from "./program.ts";

/** How long it may take to answer after its start, in milliseconds. */
const START_WITHIN_MS = 10_000;

export interface RedisServer {
  /** `redis://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly state: ProgramState;
  /** As if the power were cut. All that it knew is lost. */
  kill(): Promise<void>;
  /** After `kill`: again on the same port, and empty. Nothing happens if it runs. */
  start(): Promise<void>;
  /** It stands still: connections stay open, and nobody is answered. */
  freeze(): void;
  thaw(): void;
  /** For good. */
  stop(): Promise<void>;
}

/**
 * Starts Redis on a free port. Nothing is written to the disk.
 * @param command its program. @default what is on the PATH
 * @throws {SettingError} when it is not installed
 */
export async function startRedis(command = findProgram("redis-server")): Promise<RedisServer> {
  if (command === undefined) {
    throw new SettingError(
      "redis-server is not installed: install it (Debian: apt install redis-server; macOS: brew install redis), or set REDIS_URL.",
    );
  }
  const program = command;
  // Here a dump would go that somebody asks for: not into the folder of the course.
  const folder = await mkdtemp(join(tmpdir(), "real-time-apis-redis-"));
  let running: Program | undefined;

  async function run(port: number): Promise<number> {
    running = startProgram({ command: program, args: argumentsFor(port, folder) });
    await untilItAnswers(running, port);
    return port;
  }

  async function stop(): Promise<void> {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const port = await onFreePort(run);
    return {
      url: `redis://127.0.0.1:${port}`,
      port,
      get state() {
        return running?.state ?? "stopped";
      },
      kill: async () => running?.kill(),
      start: async () => {
        if (running?.state === "stopped") await onSamePort(port, run);
      },
      freeze: () => running?.freeze(),
      thaw: () => running?.thaw(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function argumentsFor(port: number, folder: string): string[] {
  const settings = {
    port: String(port),
    bind: "127.0.0.1",
    save: "",
    appendonly: "no",
    dir: folder,
    daemonize: "no",
    logfile: "",
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function untilItAnswers(redis: Program, port: number): Promise<void> {
  const deadline = performance.now() + START_WITHIN_MS;
  while (redis.state !== "stopped") {
    if (await answers(redis, port)) return;
    if (performance.now() > deadline) await redis.kill();
    await delay(5);
  }
  await redis.exited;
  const output = redis.lines.join("\n");
  if (output.includes("Address already in use")) throw new PortTakenError(port);
  throw new Error(`redis-server has not started:\n${output}`);
}

/** Whether a PING is answered, and by this process: another Redis may be on the port already. */
function answers(redis: Program, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 1_000 });
    let text = "";
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write("PING\r\nINFO server\r\nQUIT\r\n"));
    socket.on("data", (part) => {
      text += part;
    });
    socket.on("timeout", () => socket.destroy());
    // Somebody else may have the port, and may never answer.
    redis.exited.then(() => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () =>
      resolve(text.startsWith("+PONG") && text.includes(`process_id:${redis.pid}\r\n`)),
    );
  });
}
