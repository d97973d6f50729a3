// One node, as a process of its own.
import { SETTING_EXIT_CODE, SettingError } from "../../../shared/settings.ts";
import { type Program, type ProgramState, startProgram } from "./program.ts";

export interface NodeProcess {
  readonly name: string;
  /** The same from its first start on; 0 before. */
  readonly port: number;
  readonly state: "starting" | ProgramState;
  /** As if the power were cut. */
  kill(): Promise<void>;
  /**
   * For the first time, or after `kill` or `stop` again on the same port. Nothing happens if it runs.
   * @throws {SettingError} when it cannot use a setting
   */
  start(): Promise<void>;
  /** It stands still: connections stay open, and nobody is answered. */
  freeze(): void;
  thaw(): void;
  /** In good order: those who are connected are told to go elsewhere. */
  stop(): Promise<void>;
}

export interface NodeSettings {
  readonly name: string;
  /** A program that calls `serve`. */
  readonly file: string;
  /** Asked at each start. */
  readonly env: () => NodeJS.ProcessEnv;
  /** Called with each line that it writes. */
  readonly onLine?: (line: string) => void;
  /** Called when its state has changed. */
  readonly onChange?: () => void;
}

/** What `serve` writes when it is ready. */
const LISTENING = /^Listening on http:\/\/[^:]+:(\d+);/;

/** A node that is not started yet. */
export function createNode(settings: NodeSettings): NodeProcess {
  const { name, file, env, onLine = () => {}, onChange = () => {} } = settings;
  let program: Program | undefined;
  let port = 0;
  let isStarting = false;

  async function start(): Promise<void> {
    if (isStarting || (program && program.state !== "stopped")) return;
    isStarting = true;
    try {
      port = await listening();
    } finally {
      isStarting = false;
      onChange();
    }
  }

  function listening(): Promise<number> {
    return new Promise((resolve, reject) => {
      /** What it writes before it listens may be why it does not. */
      let early: string[] | undefined = [];
      const started = startProgram({
        command: process.execPath,
        args: ["--import", "tsx", file],
        env: { ...env(), NODE_NAME: name, PORT: String(port) },
        onLine(line) {
          const found = LISTENING.exec(line);
          if (found) {
            resolve(Number(found[1]));
            early?.forEach(onLine);
            early = undefined;
          } else if (early) early.push(line);
          else onLine(line);
        },
        onExit: ({ code }) => {
          const why = started.lines.join("\n");
          if (code === SETTING_EXIT_CODE) reject(new SettingError(why));
          else reject(new Error(`${name} has not started:\n${why}`));
          onChange();
        },
      });
      program = started;
      onChange();
    });
  }

  return {
    name,
    get port() {
      return port;
    },
    get state() {
      return isStarting ? "starting" : (program?.state ?? "stopped");
    },
    start,
    kill: async () => program?.kill(),
    stop: async () => program?.stop(),
    freeze() {
      program?.freeze();
      onChange();
    },
    thaw() {
      program?.thaw();
      onChange();
    },
  };
}
