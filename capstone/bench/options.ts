import { parseArgs } from "node:util";
import { SettingError } from "../../shared/settings.ts";

export const MEASURES = ["sockets", "streams", "changes", "delays"] as const;

export type Measure = (typeof MEASURES)[number];

/** Fewer say too little. */
export const DEFAULTS = { repetitions: 7, clients: 1_000 };

export interface Options {
  readonly repetitions: number;
  readonly clients: number;
  /** Everything is short: to see that it works, not to learn anything from its numbers. */
  readonly isQuick: boolean;
  readonly measures: ReadonlySet<Measure>;
  /** Only servers whose name contains this. */
  readonly only: string | undefined;
  /** A folder for the CPU profiles of the servers. */
  readonly profile: string | undefined;
}

export const USAGE = `npm run bench -- [options]
  --repetitions N   how often each server is measured (7)
  --clients N       how many follow the board (1000)
  --measures LIST   of ${MEASURES.join(",")} (all)
  --server NAME     only servers whose name contains this, such as socket.io
  --quick           one short repetition with 100 clients, to try it out
  --profile FOLDER  writes a CPU profile of each server
`;

/**
 * Reads the command line.
 * @throws {SettingError} with one sentence, when it cannot be used
 */
export function parseOptions(args: readonly string[]): Options | "help" {
  const values = parse(args);
  if (values.help) return "help";
  const isQuick = values.quick ?? false;
  return {
    repetitions: wholeNumber("repetitions", values.repetitions, isQuick ? 1 : DEFAULTS.repetitions, 100),
    // A board has at most 100 members, each of them at most 50 connections, and the writers need some too.
    clients: wholeNumber("clients", values.clients, isQuick ? 100 : DEFAULTS.clients, 4_000),
    isQuick,
    measures: new Set(values.measures === undefined ? MEASURES : values.measures.split(",").map(measure)),
    only: values.server,
    profile: values.profile,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        repetitions: { type: "string" },
        clients: { type: "string" },
        measures: { type: "string" },
        server: { type: "string" },
        profile: { type: "string" },
        quick: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    return values;
  } catch (error) {
    const [sentence] = (error as Error).message.split(". ");
    throw new SettingError(`${sentence?.replace(/\.$/, "")}: try --help.`);
  }
}

function wholeNumber(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  if (/^[1-9]\d*$/.test(text) && Number(text) <= max) return Number(text);
  throw new SettingError(`--${name} is "${text}": give a whole number from 1 to ${max}.`);
}

function measure(name: string): Measure {
  const found = MEASURES.find((each) => each === name);
  if (found) return found;
  throw new SettingError(`--measures names "${name}", and there are ${MEASURES.join(", ")}.`);
}
