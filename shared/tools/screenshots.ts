import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, FrameLocator } from "playwright-core";
import { openDatabase } from "../database.ts";
import { seed } from "../seed.ts";
import { listen } from "../serve.ts";
import { signInWhereAsked } from "../testing/board-pane.ts";
import { findChromium, launchChromium } from "../testing/chromium.ts";
import { withPage } from "../web/page.ts";
import { type Chapter, listChapters, ROOT } from "./chapters.ts";
import { openStage } from "./stage/open-stage.ts";
import { print, stop } from "./terminal.ts";

const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const SCHEMES = ["light", "dark"] as const;

/** The one that the README shows. */
const README_SHOT = {
  number: 2,
  size: { width: 1280, height: 800 },
  file: join(ROOT, "shared/web/screenshot.png"),
};

/**
 * `npm run screenshots [FOLDER]` takes pictures of every chapter's stage, light and dark, wide and narrow, after Alice
 * has added a task and Bob has it (or, in chapter 00, has not). Without a folder it renews the README's picture only.
 * `npm run screenshots capstone` renews those of the capstone's README.
 */
export async function main([folder]: readonly string[]): Promise<void> {
  if (!findChromium())
    stop("No Chromium was found: install Chrome or Chromium, or set CHROME_PATH to its program.");
  if (folder === "capstone") {
    const { takePictures } = await import("../../capstone/pictures/take-pictures.ts");
    await takePictures(print);
    return;
  }
  const browser = await launchChromium();
  const chapters = listChapters();
  if (folder === undefined) {
    const chapter = chapters[README_SHOT.number];
    if (chapter) await shoot(browser, chapter, README_SHOT.size, "light", README_SHOT.file);
  } else {
    mkdirSync(folder, { recursive: true });
    for (const chapter of chapters) {
      for (const size of SIZES) {
        for (const scheme of SCHEMES) {
          await shoot(
            browser,
            chapter,
            size,
            scheme,
            join(folder, `${chapter.name}-${scheme}-${size.width}.png`),
          );
        }
      }
    }
  }
  await browser.close();
}

async function shoot(
  browser: Browser,
  chapter: Chapter,
  viewport: { width: number; height: number },
  colorScheme: (typeof SCHEMES)[number],
  file: string,
): Promise<void> {
  const { createApp } = await import(pathToFileURL(join(chapter.folder, "app.ts")).href);
  const server = await listen(withPage(createApp({ database: seed(openDatabase()) }), chapter.folder), {
    graceMs: 100,
  });
  const stage = await openStage({ chapter, serverPort: server.port });
  const page = await browser.newPage({ viewport, colorScheme });
  await page.goto(stage.url);
  const pane = (name: string): FrameLocator =>
    page.frameLocator(`iframe[title="The board as ${name} sees it"]`);
  for (const name of ["Alice", "Bob"]) await signInWhereAsked(pane(name));
  const input = pane("Alice").getByLabel("New task in To do, as alice");
  await input.fill("Order the cake");
  await input.press("Enter");
  await pane("Alice").getByText("Order the cake").waitFor();
  if (chapter.number === 0) await page.getByText(/out of date for [1-9]/).waitFor();
  else await pane("Bob").getByText("Order the cake").waitFor();
  await page.locator(".mermaid:not([data-processed])").first().waitFor({ state: "detached" });
  await page
    .getByRole("treeitem")
    .filter({ hasText: /POST \/tasks|create_task/ })
    .first()
    .click();
  await page.getByText("Order the cake").last().waitFor();
  await page.screenshot({ path: file, fullPage: true });
  print(file);
  await page.close();
  await stage.close();
  await server.close();
}
