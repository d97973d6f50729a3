// The programs of the bench, each in a process of its own: its CPU time and its memory are then nobody else's.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a process does when it is asked. */
export type Actions = Record<string, (argument: never) => unknown>;

type Argument<Action> = Action extends (argument: infer Given) => unknown ? Given : never;
type Result<Action> = Action extends (argument: never) => infer Given ? Awaited<Given> : never;

export interface Question {
  readonly id: number;
  readonly action: string;
  readonly argument: unknown;
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly stack: string | undefined };
}

export interface BenchProcess<All> {
  /** Rejects when the action fails there, and when the process ends. */
  ask<Name extends keyof All & string>(name: Name, argument: Argument<All[Name]>): Promise<Result<All[Name]>>;
  stop(): Promise<void>;
}

const TSX = import.meta.resolve("tsx");

/**
 * @param file relative to this one
 * @param profileFolder where to write a CPU profile when it stops
 */
export function startProcess<All>(file: string, profileFolder?: string): BenchProcess<All> {
  const profile = profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ["--expose-gc", "--import", TSX, ...profile],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;

  child.on("message", ({ id, value, error }: Reply) => {
    const question = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) question?.resolve(value);
    else question?.reject(Object.assign(new Error(error.message), error));
  });
  const ended = new Promise<void>((resolve) => {
    child.on("exit", (code, signal) => {
      for (const { reject } of waiting.values()) reject(new Error(`${file} has ended (${signal ?? code})`));
      resolve();
    });
  });

  return {
    ask(action, argument) {
      lastId += 1;
      const id = lastId;
      return new Promise<never>((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        child.send({ id, action, argument } satisfies Question, (error) => error && reject(error));
      });
    },
    async stop() {
      // The other side ends when its channel does. A profile takes a moment to write.
      if (child.connected) child.disconnect();
      const kill = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(kill);
    },
  };
}
