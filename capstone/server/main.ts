// `npm run capstone`: the board as a program.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ALONE, openRedisLink } from "../../chapters/10-scaling/redis-link.ts";
import { DatabaseError, openDatabase } from "../../shared/database.ts";
import { type RunningServer, type Servable, serve } from "../../shared/serve.ts";
import { SETTING_EXIT_CODE, SettingError } from "../../shared/settings.ts";
import { buildClient } from "../client/bundle.ts";
import { createApp } from "./app.ts";
import { createLog, type Logger } from "./log.ts";
import { COMMANDS, maintain, UsageError } from "./maintenance.ts";
import { lockProcess } from "./process-lock.ts";
import { readSettings, SETTINGS, type Settings } from "./settings.ts";
import { seedDemo } from "./store/demo-board.ts";
import { openSqliteStore } from "./store/sqlite-store.ts";
import type { Store } from "./store/store.ts";

/** Exit code for a command that was typed wrong: EX_USAGE in BSD's sysexits. */
const USAGE_EXIT_CODE = 64;

/** Runs until it is told to stop: SIGINT, SIGTERM, or the end of the channel to a parent process. */
export async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) return void process.stdout.write(help());
  let settings: Settings;
  try {
    settings = readSettings(process.env);
    if (args.length > 0) {
      process.stdout.write(`${await maintain(args, settings.databaseFile)}\n`);
      return;
    }
  } catch (error) {
    if (error instanceof UsageError) return stop(error.message, USAGE_EXIT_CODE);
    if (!(error instanceof SettingError || error instanceof DatabaseError)) throw error;
    return stop(error.message, SETTING_EXIT_CODE);
  }
  const log = createLog({ level: settings.logLevel, nodeName: settings.nodeName });
  let store: Store | undefined;
  await serve(
    async () => {
      store = await openStore(settings, log);
      return createServable(settings, store, log);
    },
    {
      hostname: settings.hostname,
      graceMs: settings.drainMs,
      onListening: (server) => announce(server, settings, log),
      onClosed: async () => {
        await store?.close();
        log.info("stopped");
      },
    },
  );
}

async function openStore(settings: Settings, log: Logger): Promise<Store> {
  const { databaseFile, keepEvents, isDemo, redisUrl } = settings;
  if (databaseFile !== ":memory:") await makeFolder(dirname(databaseFile));
  // Held until the process ends, however it does.
  lockProcess(databaseFile, redisUrl === undefined, "stop that one, or set the same REDIS_URL for both");
  const database = openDatabase(databaseFile);
  const store = openSqliteStore({
    database,
    keepEvents,
    onError: (error) => log.error({ err: error }, "store"),
  });
  // Leaves a database with anything in it alone.
  if (isDemo) await seedDemo(store, database);
  return store;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingError(
      `DATABASE_FILE is in ${folder}, which cannot be made a folder (${code}): choose another file.`,
    );
  }
}

async function createServable(settings: Settings, store: Store, log: Logger): Promise<Servable> {
  const { redisUrl, allowPrivateWebhooks, ...others } = settings;
  const redis = redisUrl ? openRedisLink(redisUrl, { log: (line) => log.warn(line) }) : ALONE;
  return createApp({
    ...others,
    store,
    redis,
    log,
    client: await buildClient(),
    webhooks: { allowPrivate: allowPrivateWebhooks },
  });
}

/** To a person, in words; to whatever collects logs, as a line like all others. */
function announce({ port, url }: RunningServer, { isDemo, publicOrigin }: Settings, log: Logger): void {
  log.info({ url: publicOrigin ?? url }, "listening");
  if (process.send || !(isDemo || process.stdout.isTTY)) return;
  process.stdout.write(
    isDemo ? demoWords(port) : `The board is at ${publicOrigin ?? url}; Ctrl-C stops it.\n`,
  );
}

function demoWords(port: number): string {
  return `The board is at http://localhost:${port}

Sign in as Alice with one click. To be Bob at the same time, open http://127.0.0.1:${port}
in another window: the two addresses have cookies of their own. Ctrl-C stops it.
`;
}

function help(): string {
  const width = Math.max(...SETTINGS.map(({ name }) => name.length));
  const rows = SETTINGS.map(({ name, fallback, what }) => {
    const without = fallback ? ` [${fallback}]` : "";
    return `  ${name.padEnd(width)}  ${what}${without}`;
  });
  const commands = COMMANDS.map(
    ({ name, argument, what }) => `  ${`${name} ${argument}`.padEnd(width)}  ${what}`,
  );
  return `npm run capstone: the live task board.

Commands, as in npm run capstone -- backup FILE [without one: it runs]:
${commands.join("\n")}

Settings, as environment variables [without it]:
${rows.join("\n")}
`;
}

function stop(sentence: string, exitCode: number): void {
  console.error(sentence);
  process.exitCode = exitCode;
}
