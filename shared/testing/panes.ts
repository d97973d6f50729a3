import type { FrameLocator, Page } from "playwright-core";
import type { Servable } from "../serve.ts";
import { withPage } from "../web/page.ts";
import { openPage } from "./browser.ts";
import { startServer } from "./start-server.ts";

/** One person's board: a pane, or the page of one person alone. */
export type BoardPane = FrameLocator | Page;

/**
 * Serves an app with its chapter's page and opens it in Chromium, until the running test has ended.
 * @param folder the chapter's folder
 */
export async function openPanes(app: Servable, folder: string) {
  const server = await startServer(withPage(app, folder));
  const { page, errors } = await openPage(server.url);
  const pane = (name: string) => page.frameLocator(`iframe[title="The board as ${name} sees it"]`);
  return {
    page,
    /** What went wrong in the page, as the console tells it. */
    errors,
    url: server.url,
    alice: pane("Alice"),
    bob: pane("Bob"),
    /** What the page says above Bob's pane: how far he is behind. */
    bobsDelay: async () => (await page.getByLabel("Bob").locator(".delay").textContent()) ?? "",
  };
}

/**
 * Waits for the demo board. From chapter 06 on, its page asks first who it is; the form is filled in already.
 * @returns whether it has asked
 */
export async function signInWhereAsked(pane: BoardPane): Promise<boolean> {
  const board = pane.getByText("Draw the logo");
  const button = pane.getByRole("button", { name: "Sign in", exact: true });
  await board.or(button).first().waitFor();
  const isAsked = await button.isVisible();
  if (isAsked) await button.click();
  await board.waitFor();
  return isAsked;
}

/** Types a new task into the list "To do" and presses Enter. */
export async function addTask(pane: BoardPane, user: string, title: string): Promise<void> {
  const input = pane.getByLabel(`New task in To do, as ${user}`);
  await input.fill(title);
  await input.press("Enter");
}
