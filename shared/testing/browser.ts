import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, onTestFinished, test } from "vitest";

/** Names under which Chromium and its relatives are installed. */
const NAMES = [
  "chromium",
  "chromium-headless-shell",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "msedge",
];

const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** Quiet, and on this machine only. */
const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** The path of an installed Chromium: `CHROME_PATH`, or found on PATH and in the usual places. */
export function findChromium(): string | undefined {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find(
    existsSync,
  );
}

export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error("No Chromium was found: install Chrome or Chromium, or set CHROME_PATH to its program.");
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

let browser: Promise<Browser> | undefined;

/**
 * A test that needs a real browser. Without one it is reported as skipped, unless `REQUIRE_ALL=1`, under which it
 * fails.
 */
export function browserTest(name: string, run: () => Promise<void>): void {
  const isMissing = findChromium() === undefined && process.env.REQUIRE_ALL !== "1";
  const shown = isMissing ? `${name} (skipped: no Chromium; install one or set CHROME_PATH)` : name;
  test.skipIf(isMissing)(shown, run, 60_000);
}

/**
 * Opens a page in a fresh context: nothing is shared with another. An error in the page fails the test.
 */
export async function openPage(
  url: string,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  if (!browser) {
    browser = launchChromium();
    afterAllOnce();
  }
  const context = await (await browser).newContext(options);
  context.setDefaultTimeout(10_000);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  return { page, context, errors };
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

function afterAllOnce(): void {
  afterAll(closeBrowser);
}
