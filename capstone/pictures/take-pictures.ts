// The README's pictures, taken of the real thing: `npm run screenshots capstone`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openDatabase } from "../../shared/database.ts";
import { listen, type RunningServer } from "../../shared/serve.ts";
import { launchChromium } from "../../shared/testing/chromium.ts";
import { buildClient } from "../client/bundle.ts";
import { createApp } from "../server/app.ts";
import { seedDemo } from "../server/store/demo-board.ts";
import { openSqliteStore } from "../server/store/sqlite-store.ts";
import { recordTwo } from "./moving-picture.ts";

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** @param print is told each file that was written */
export async function takePictures(print: (file: string) => void): Promise<void> {
  const browser = await launchChromium();
  const takes = { board, conflict, offline, dark, phone, "two-people": twoPeople };
  for (const [name, take] of Object.entries(takes)) {
    // A board of its own for each, so that none shows what was done for another.
    const server = await startDemo();
    const file = join(import.meta.dirname, `${name}.png`);
    writeFileSync(file, await take(browser, server));
    print(file);
    await server.close();
  }
  await browser.close();
}

async function startDemo(): Promise<RunningServer> {
  const database = openDatabase();
  const store = openSqliteStore({ database });
  await seedDemo(store, database);
  return listen(createApp({ store, client: await buildClient(), isDemo: true }), { graceMs: 100 });
}

/** A page of somebody who is signed in. */
async function open(
  browser: Browser,
  { url }: RunningServer,
  userId: string,
  options: BrowserContextOptions = {},
  path = "/b/board-1",
): Promise<Page> {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.request.post(`${url}/session/demo`, { data: { userId }, headers: { origin: url } });
  await page.goto(url + path);
  await page.locator("#status-text", { hasText: "Live" }).waitFor({ state: "attached" });
  return page;
}

async function board(browser: Browser, server: RunningServer): Promise<Buffer> {
  const bob = await open(browser, server, "bob", {}, "/b/board-1/c/task-1");
  await bob.getByRole("dialog").getByRole("textbox", { name: "Description" }).pressSequentially(" Today.");
  const alice = await open(browser, server, "alice");
  await alice
    .getByText(/Bob is editing/)
    .first()
    .waitFor();
  return alice.screenshot();
}

async function conflict(browser: Browser, server: RunningServer): Promise<Buffer> {
  const [alice, bob] = await Promise.all(
    ["alice", "bob"].map((userId) => open(browser, server, userId, {}, "/b/board-1/c/task-1")),
  );
  if (!alice || !bob) throw new Error("nobody is there");
  const description = (page: Page) => page.getByRole("dialog").getByRole("textbox", { name: "Description" });
  await description(alice).fill("Two paragraphs: what is new, and for whom. The rest goes to the blog.");
  await description(bob).fill("Ask support first what people have been waiting for.");
  await description(bob).press("Control+Enter");
  await alice
    .getByText(/Bob has changed/)
    .first()
    .waitFor();
  await description(alice).press("Control+Enter");
  await alice.getByRole("alert", { name: "Two versions" }).waitFor();
  return alice.screenshot();
}

async function offline(browser: Browser, server: RunningServer): Promise<Buffer> {
  const alice = await open(browser, server, "alice");
  await server.close();
  for (const title of ["Call the printer", "Order the cake", "Thank the testers"]) {
    const doing = alice.getByRole("region", { name: "Doing", exact: true });
    const field = doing.getByRole("textbox", { name: "Title of the new card in Doing" });
    if (!(await field.isVisible())) await doing.getByRole("button", { name: "Add a card to Doing" }).click();
    await field.fill(title);
    await field.press("Enter");
  }
  await alice
    .locator("#status-text", { hasText: "3 changes" })
    .waitFor({ state: "attached", timeout: 30_000 });
  return alice.screenshot();
}

async function dark(browser: Browser, server: RunningServer): Promise<Buffer> {
  const alice = await open(browser, server, "alice");
  const bob = await open(browser, server, "bob", { colorScheme: "dark" });
  await bob.getByRole("button", { name: /Alice/ }).or(bob.getByTitle(/Alice/)).first().waitFor();
  const picture = await bob.screenshot();
  await alice.close();
  return picture;
}

async function phone(browser: Browser, server: RunningServer): Promise<Buffer> {
  const alice = await open(browser, server, "alice", { viewport: PHONE, isMobile: true, hasTouch: true });
  return alice.screenshot();
}

/** Alice adds a card, Bob takes it, drags it to another list, and Alice undoes nothing. */
async function twoPeople(browser: Browser, server: RunningServer): Promise<Buffer> {
  const options = { viewport: { width: 720, height: 560 }, reducedMotion: "no-preference" } as const;
  const alice = await open(browser, server, "alice", options);
  const bob = await open(browser, server, "bob", { ...options, colorScheme: "dark" });
  return recordTwo(alice, bob, async ({ hold, glide }) => {
    await hold(800);
    const todo = alice.getByRole("region", { name: "To do", exact: true });
    await todo.getByRole("button", { name: "Add a card to To do" }).click();
    const field = todo.getByRole("textbox", { name: "Title of the new card in To do" });
    await field.pressSequentially("Order the cake", { delay: 70 });
    await hold(300);
    await field.press("Enter");
    await field.press("Escape");
    await hold(900);
    const cake = bob.locator("[data-task-id]").filter({ hasText: "Order the cake" });
    const target = bob.locator("[data-task-id]").filter({ hasText: "Draw the logo" });
    await glide(bob, cake, target);
    await hold(1_200);
    await bob.getByRole("link", { name: "Order the cake", exact: true }).click();
    await bob
      .getByRole("dialog")
      .getByRole("textbox", { name: "Description" })
      .pressSequentially("With cherries", { delay: 70 });
    await hold(1_500);
  });
}
