import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SettingError } from "../../shared/settings.ts";
import { isLoopback, readSettings, SETTINGS, settingsTable } from "./settings.ts";

test("without any setting: this machine only, with the demo", () => {
  expect(readSettings({})).toMatchObject({
    port: 3000,
    hostname: "127.0.0.1",
    databaseFile: expect.stringMatching(/capstone[/\\]data[/\\]board\.sqlite$/),
    publicOrigin: undefined,
    isDemo: true,
    isSignUpOpen: true,
    keepEvents: 10_000,
    sessionLifetimeMs: 14 * 86_400_000,
    logLevel: "warn",
    allowPrivateWebhooks: false,
    nodeName: "node",
    drainMs: 8_000,
  });
});

test("an empty variable is none", () => {
  const empty = Object.fromEntries(SETTINGS.map(({ name }) => [name, ""]));
  expect(JSON.stringify(readSettings(empty))).toBe(JSON.stringify(readSettings({})));
});

describe("the demo", () => {
  test.each([
    [{ HOST: "0.0.0.0" }],
    [{ HOST: "192.168.0.5" }],
    [{ PUBLIC_ORIGIN: "https://board.example.com" }],
  ])("is off with %j, and cannot be turned on", (environment) => {
    expect(readSettings(environment)).toMatchObject({ isDemo: false, logLevel: "info" });
    expect(() => readSettings({ ...environment, DEMO: "on" })).toThrow(
      /^DEMO is on, and that is for this machine only/,
    );
  });

  test("can be turned off", () => {
    expect(readSettings({ DEMO: "off" }).isDemo).toBe(false);
    expect(readSettings({ HOST: "::1" }).isDemo).toBe(true);
  });

  test("this machine", () => {
    expect(["localhost", "::1", "127.0.0.1", "127.1.2.3"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "", "127.0.0.1.example", "10.0.0.1"].some(isLoopback)).toBe(false);
  });
});

test.each([
  ["PORT", "70000"],
  ["PUBLIC_ORIGIN", "board.example.com"],
  ["PUBLIC_ORIGIN", "https://board.example.com/path"],
  ["PUBLIC_ORIGIN", "ftp://board.example.com"],
  ["TRUSTED_PROXIES", "nginx"],
  ["DEMO", "yes"],
  ["SIGN_UP", "no"],
  ["SESSION_DAYS", "0"],
  ["SESSION_DAYS", "401"],
  ["KEEP_EVENTS", "many"],
  ["LOG_LEVEL", "loud"],
  ["METRICS_TOKEN", "short"],
  ["WEBHOOK_TARGETS", "all"],
  ["DRAIN_MS", "10001"],
])("%s=%s is refused with one sentence that names it", (name, value) => {
  let thrown: unknown;
  try {
    readSettings({ [name]: value });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SettingError);
  expect((thrown as Error).message).toMatch(new RegExp(`^${name} .*\\.$`));
});

test("a secret that is refused is not repeated", () => {
  expect(() => readSettings({ METRICS_TOKEN: "hunter2" })).toThrow(/^(?!.*hunter2)/);
});

test("every variable that is read is in the table, and every one in the table is read", () => {
  const source = readFileSync(new URL("settings.ts", import.meta.url), "utf8");
  const read = [...source.matchAll(/(?:text|number)\("([A-Z_]+)"/g)].map(([, name]) => name);
  expect([...new Set(read)].sort()).toEqual(SETTINGS.map(({ name }) => name).sort());
});

test("the README's table has a row for each", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(settingsTable().join("\n"));
});
