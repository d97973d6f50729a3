import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { serve } from "../../shared/serve.ts";
import { numberSetting } from "../../shared/settings.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";

await serve(() => {
  const database = seed(openDatabase(process.env.DATABASE_FILE));
  const app = createApp({
    database,
    publicOrigin: process.env.PUBLIC_ORIGIN,
    heartbeatMs: numberSetting("HEARTBEAT_MS", 25_000),
    keepEvents: numberSetting("KEEP_EVENTS", 10_000),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  return withPage(app, import.meta.dirname);
});
