// All that can be set, by environment variables: what each is for, what it is without, and what is said about a wrong one.
import { resolve } from "node:path";
import { addressBehind } from "../../chapters/10-scaling/forwarded-for.ts";
import { parsePort, SettingError } from "../../shared/settings.ts";
import { LOG_LEVELS, type LogLevel } from "./log.ts";

export interface Settings {
  readonly port: number;
  readonly hostname: string;
  readonly databaseFile: string;
  readonly publicOrigin: string | undefined;
  readonly redisUrl: string | undefined;
  readonly addressOf: ReturnType<typeof addressBehind>;
  readonly isDemo: boolean;
  readonly isSignUpOpen: boolean;
  readonly keepEvents: number;
  readonly sessionLifetimeMs: number;
  readonly logLevel: LogLevel;
  readonly metricsToken: string | undefined;
  /** Webhooks may be sent to private addresses. */
  readonly allowPrivateWebhooks: boolean;
  readonly nodeName: string;
  readonly drainMs: number;
}

const DAY = 86_400_000;

/** Each variable, what it is without, and what it does. The README's table has the same rows. */
export const SETTINGS = [
  { name: "PORT", fallback: "3000", what: "The port; 0 lets the system choose one" },
  {
    name: "HOST",
    fallback: "127.0.0.1",
    what: "The address to listen on; 0.0.0.0 for every network interface",
  },
  {
    name: "DATABASE_FILE",
    fallback: "capstone/data/board.sqlite",
    what: "The SQLite file; its folder is made",
  },
  {
    name: "PUBLIC_ORIGIN",
    fallback: "",
    what: "Where browsers find the server behind a proxy, such as https://board.example.com",
  },
  { name: "REDIS_URL", fallback: "", what: "Redis, for several processes on one database" },
  {
    name: "TRUSTED_PROXIES",
    fallback: "",
    what: "Addresses of your own proxies, separated by commas: their X-Forwarded-For is believed. `loopback` means this machine",
  },
  {
    name: "DEMO",
    fallback: "on if HOST is loopback and PUBLIC_ORIGIN is not set; else off",
    what: "`on`: demo boards, and demo users who sign in with one click, from this machine only; `off`",
  },
  {
    name: "SIGN_UP",
    fallback: "open",
    what: "`open`: everybody may sign up; `closed`: it takes an invitation",
  },
  { name: "SESSION_DAYS", fallback: "14", what: "How long a sign-in lasts, in days, at most 400" },
  { name: "KEEP_EVENTS", fallback: "10000", what: "How many events of each board the log keeps" },
  {
    name: "LOG_LEVEL",
    fallback: "info; warn in the demo",
    what: `What is logged: ${LOG_LEVELS.join(", ")}. Requests are \`info\``,
  },
  {
    name: "METRICS_TOKEN",
    fallback: "",
    what: "Opens /metrics from other machines, as a bearer token; at least 16 characters",
  },
  {
    name: "WEBHOOK_TARGETS",
    fallback: "public",
    what: "`public`: webhooks reach public https addresses only; `any`: this network too",
  },
  { name: "NODE_NAME", fallback: "node", what: "What this process is called in logs and in /health" },
  {
    name: "DRAIN_MS",
    fallback: "8000",
    what: "How long answers under way may take when the server stops, in milliseconds; at most 10000",
  },
] as const satisfies readonly { name: string; fallback: string; what: string }[];

/** The rows of the README's table. */
export function settingsTable(): string[] {
  return SETTINGS.map(({ name, fallback, what }) => `| \`${name}\` | ${fallback} | ${what} |`);
}

type Name = (typeof SETTINGS)[number]["name"];

/** @throws {SettingError} with a sentence about the first one that cannot be used */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const text = (name: Name) => environment[name] || undefined;
  const number = (name: Name, fallback: number, max = 999_999_999) =>
    wholeNumber(name, text(name), fallback, max);
  const hostname = text("HOST") ?? "127.0.0.1";
  const publicOrigin = originIn(text("PUBLIC_ORIGIN"));
  const isDemo = demoIn(text("DEMO"), hostname, publicOrigin);
  return {
    port: parsePort(text("PORT")),
    hostname,
    databaseFile: text("DATABASE_FILE") ?? resolve(import.meta.dirname, "../data/board.sqlite"),
    publicOrigin,
    redisUrl: text("REDIS_URL"),
    addressOf: addressBehind(text("TRUSTED_PROXIES") ?? ""),
    isDemo,
    isSignUpOpen: oneOf("SIGN_UP", text("SIGN_UP"), ["open", "closed"], "open") === "open",
    keepEvents: number("KEEP_EVENTS", 10_000),
    sessionLifetimeMs: number("SESSION_DAYS", 14, 400) * DAY,
    logLevel: oneOf("LOG_LEVEL", text("LOG_LEVEL"), LOG_LEVELS, isDemo ? "warn" : "info"),
    metricsToken: tokenIn(text("METRICS_TOKEN")),
    allowPrivateWebhooks:
      oneOf("WEBHOOK_TARGETS", text("WEBHOOK_TARGETS"), ["public", "any"], "public") === "any",
    nodeName: text("NODE_NAME") ?? "node",
    drainMs: number("DRAIN_MS", 8_000, 10_000),
  };
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The demo's users have no secrets, so it is for this machine only. */
function demoIn(text: string | undefined, hostname: string, publicOrigin: string | undefined): boolean {
  const isPossible = isLoopback(hostname) && publicOrigin === undefined;
  const isOn = oneOf("DEMO", text, ["on", "off"], isPossible ? "on" : "off") === "on";
  if (isOn && !isPossible) {
    throw new SettingError(
      "DEMO is on, and that is for this machine only: leave out DEMO, or leave out HOST and PUBLIC_ORIGIN.",
    );
  }
  return isOn;
}

function originIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const isOrigin = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isOrigin && new URL(text).origin === text) return text;
  throw new SettingError(
    `PUBLIC_ORIGIN is "${text}", which is no origin: set it to one, such as https://board.example.com, without a path.`,
  );
}

function tokenIn(text: string | undefined): string | undefined {
  if (text === undefined || /^\S{16,}$/.test(text)) return text;
  throw new SettingError(
    "METRICS_TOKEN is too short to be a secret: set it to 16 characters or more, without spaces.",
  );
}

function wholeNumber(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= max) return Number(text);
  throw new SettingError(
    `${name} is "${text}", which is no number from 1 to ${max}: set it to one, or leave it out.`,
  );
}

function oneOf<Value extends string>(
  name: string,
  text: string | undefined,
  values: readonly Value[],
  fallback: Value,
): Value {
  if (text === undefined) return fallback;
  const value = values.find((each) => each === text);
  if (value !== undefined) return value;
  throw new SettingError(`${name} is "${text}": set it to ${values.join(" or ")}, or leave it out.`);
}
