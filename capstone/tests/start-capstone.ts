// The whole server for a test: the demo's data in memory, a free port, until the running test has ended.
import { onTestFinished } from "vitest";
import { openDatabase } from "../../shared/database.ts";
import { type ListenOptions, listen, type RunningServer } from "../../shared/serve.ts";
import { type App, type AppOptions, createApp } from "../server/app.ts";
import { seedDemo } from "../server/store/demo-board.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../server/store/sqlite-store.ts";
import type { Store } from "../server/store/store.ts";
import { NO_LIMITS } from "./no-limits.ts";

export interface StartOptions extends Partial<Omit<AppOptions, "store">> {
  /** A path. @default ":memory:" */
  readonly databaseFile?: string;
  readonly storeOptions?: Omit<SqliteStoreOptions, "database">;
  /** Alice, Bob and Carol, `board-1` and `board-2`. @default true */
  readonly isSeeded?: boolean;
  readonly listen?: ListenOptions;
}

export { NO_LIMITS };

/** The app without a port: for `app.fetch` and `ask`. */
export async function createCapstone(
  options: StartOptions = {},
): Promise<{ app: App; store: Store; close(): Promise<void> }> {
  const { databaseFile = ":memory:", storeOptions = {}, isSeeded = true, listen: _, ...appOptions } = options;
  const database = openDatabase(databaseFile);
  const store = openSqliteStore({ database, ...storeOptions });
  if (isSeeded) await seedDemo(store, database);
  const app = createApp({ isDemo: true, limits: NO_LIMITS, ...appOptions, store });
  async function close(): Promise<void> {
    await app.close();
    await store.close();
  }
  return { app, store, close };
}

export interface StartedCapstone extends RunningServer {
  readonly app: App;
  readonly store: Store;
  /** Signs in as a demo user with one click. @returns the `Cookie` header to send from then on */
  signIn(userId: string): Promise<string>;
}

/** Listens; closes server and store when the running test has ended, or before. */
export async function startCapstone(options: StartOptions = {}): Promise<StartedCapstone> {
  const { app, store } = await createCapstone(options);
  const server = await listen(app, { graceMs: 1_000, ...options.listen });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= server.close().then(() => store.close());
    return closing;
  };
  onTestFinished(close);

  async function signIn(userId: string): Promise<string> {
    const response = await fetch(`${server.url}/session/demo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ userId }),
    });
    if (response.status !== 200) throw new Error(`${userId} could not sign in: ${await response.text()}`);
    return response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  }

  return { ...server, app, store, signIn, close };
}
