// Somebody else's program: receives a board's events, and believes only what is signed.
// Run: npx tsx chapters/08-pub-sub/webhook-receiver.ts
import { timingSafeEqual } from "node:crypto";
import { listen } from "../../shared/serve.ts";
import { parsePort, SettingError } from "../../shared/settings.ts";
import { signatureOf } from "./webhooks.ts";

const SECRET = process.env.WEBHOOK_SECRET ?? "a secret of sixteen";

/** An older message is one that somebody has kept and sends again. In seconds. */
const MAX_AGE = 300;

/** It comes at least once, so it may come twice. A real receiver keeps this in its database. */
const seen = new Set<string>();

async function receive(request: Request): Promise<Response> {
  const body = await request.text();
  const id = request.headers.get("webhook-id") ?? "";
  const sentAt = Number(request.headers.get("webhook-timestamp"));
  const signature = Buffer.from(request.headers.get("webhook-signature") ?? "");
  const expected = Buffer.from(signatureOf(SECRET, id, body, sentAt * 1_000)["webhook-signature"]);
  const isSigned = signature.length === expected.length && timingSafeEqual(signature, expected);
  if (!isSigned || Math.abs(Date.now() / 1_000 - sentAt) > MAX_AGE)
    return new Response(null, { status: 401 });
  process.stdout.write(`${seen.has(id) ? "again  " : ""}${body}\n`);
  seen.add(id);
  return new Response(null, { status: 204 });
}

try {
  const { url } = await listen({ fetch: receive }, { port: parsePort(process.env.PORT ?? "4100") });
  process.stdout.write(`Receiving at ${url}; Ctrl-C stops it.\n`);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exit(1);
}
