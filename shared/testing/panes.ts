import type { Servable } from "../serve.ts";
import { withPage } from "../web/page.ts";
import type { BoardPane } from "./board-pane.ts";
import { openPage } from "./browser.ts";
import { startServer } from "./start-server.ts";

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

/** Types a new task into the list "To do" and presses Enter. */
export async function addTask(pane: BoardPane, user: string, title: string): Promise<void> {
  const input = pane.getByLabel(`New task in To do, as ${user}`);
  await input.fill(title);
  await input.press("Enter");
}
