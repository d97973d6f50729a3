import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { serve } from "../../shared/serve.ts";
import { numberSetting } from "../../shared/settings.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";
import { addressBehind } from "./forwarded-for.ts";
import { ALONE, openRedisLink } from "./redis-link.ts";

await serve(() => {
  const { DATABASE_FILE, REDIS_URL, PUBLIC_ORIGIN, NODE_NAME = "node", TRUSTED_PROXIES = "" } = process.env;
  const log = (line: string) => process.stdout.write(`${NODE_NAME} ${line}\n`);
  const app = createApp({
    database: seed(openDatabase(DATABASE_FILE)),
    redis: REDIS_URL ? openRedisLink(REDIS_URL, { log }) : ALONE,
    nodeName: NODE_NAME,
    addressOf: addressBehind(TRUSTED_PROXIES),
    publicOrigin: PUBLIC_ORIGIN,
    heartbeatMs: numberSetting("HEARTBEAT_MS", 25_000),
    webhookSettings: { allowPrivate: process.env.WEBHOOK_TARGETS === "any" },
    keepEvents: numberSetting("KEEP_EVENTS", 10_000),
    log,
  });
  return withPage(app, import.meta.dirname);
});
