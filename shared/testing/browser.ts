import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, onTestFinished, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";

let browser: Promise<Browser> | undefined;

/**
 * A test that needs a real browser. Without one it is reported as skipped, unless `REQUIRE_ALL=1`, under which it
 * fails.
 *
 * @param timeoutMs how long it may take
 */
export function browserTest(name: string, run: () => Promise<void>, timeoutMs = 60_000): void {
  const isMissing = findChromium() === undefined && process.env.REQUIRE_ALL !== "1";
  const shown = isMissing ? `${name} (skipped: no Chromium; install one or set CHROME_PATH)` : name;
  test.skipIf(isMissing)(shown, run, timeoutMs);
}

/**
 * Opens a page in a fresh context: nothing is shared with another.
 * @param prepare is given the context before the page is loaded
 */
export async function openPage(
  url: string,
  options: Parameters<Browser["newContext"]>[0] = {},
  prepare: (context: BrowserContext) => Promise<void> = async () => {},
): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  browser ??= launchChromium();
  const context = await (await browser).newContext(options);
  context.setDefaultTimeout(10_000);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await prepare(context);
  await page.goto(url);
  return { page, context, errors };
}

afterAll(async () => {
  await (await browser)?.close();
  browser = undefined;
});
