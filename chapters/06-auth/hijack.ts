// Cross-site WebSocket hijacking, to try: this chapter twice, without the Origin check and with it, and a page that attacks.
// Run: npx tsx chapters/06-auth/hijack.ts
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import { parsePort, SettingError } from "../../shared/settings.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";
import { createEvilPage } from "./evil-page.ts";
import { withoutOriginCheck } from "./hijackable.ts";

try {
  const port = parsePort(process.env.PORT ?? "4000");
  if (port === 0 || port > 65_533)
    throw new SettingError("Set PORT to a number from 1 to 65533: three are needed.");
  const app = withPage(createApp({ database: seed(openDatabase()) }), import.meta.dirname);
  // Not the names of the stage: cookies ignore ports, and Bob would be signed out there.
  const bob = (victim: number) => `bob.hijack.localhost:${port + victim}`;
  const evilPage = createEvilPage([
    { name: "The server that looks at the cookie alone", host: bob(1) },
    { name: "The server of this chapter", host: bob(2) },
  ]);
  await listen(evilPage, { port });
  await listen(withoutOriginCheck(app), { port: port + 1 });
  await listen(app, { port: port + 2 });
  process.stdout.write(`1. Sign in as Bob:     http://${bob(1)}/board?user=bob
2. Visit the attacker: http://evil.hijack.localhost:${port}/
Ctrl-C stops it.
`);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exit(1);
}
