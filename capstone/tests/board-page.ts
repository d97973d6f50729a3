// A user at a board in a real browser: finds what they would look for, and does what they would do with mouse and keys.
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { openPage } from "../../shared/testing/browser.ts";
import { openTap, type Tap } from "../../shared/wire/tap.ts";
import { buildClient, type ClientAssets } from "../client/bundle.ts";
import { type StartedCapstone, type StartOptions, startCapstone } from "./start-capstone.ts";

/** For all that a page does by itself, in milliseconds: other tests run beside this one. */
const PATIENCE_MS = 25_000;

let client: Promise<ClientAssets> | undefined;

/** The server with its pages. */
export async function startBoards(options: StartOptions = {}): Promise<StartedCapstone> {
  client ??= buildClient();
  return startCapstone({ client: await client, ...options });
}

/** Between a browser and the server: what goes through it can be broken. Also it stays where it is when the server does not. */
export async function tapTo(server: { readonly port: number }): Promise<Tap & { readonly url: string }> {
  const tap = await openTap({ target: server.port });
  onTestFinished(() => tap.close());
  // `connections` and `rules` are getters.
  return Object.assign(Object.create(tap) as Tap, { url: `http://127.0.0.1:${tap.port}` });
}

/** The network is gone until the returned function is called: open connections are cut, and new ones refused. */
export function cutOff(tap: Tap): () => void {
  const lift = tap.apply({ target: "everyone", fault: { kind: "refuse" } });
  tap.apply({ target: "everyone", fault: { kind: "cut" } });
  return lift;
}

type ContextOptions = NonNullable<Parameters<Browser["newContext"]>[0]>;

export interface VisitOptions {
  /** Where the browser finds the server. @default the server's own address */
  readonly url?: string;
  /** @default "/b/board-1" */
  readonly path?: string;
  readonly context?: ContextOptions;
  /** Before the page is loaded. */
  prepare?(context: BrowserContext): Promise<unknown>;
}

export type BoardPage = Awaited<ReturnType<typeof visit>>;

/**
 * Opens a page in a browser of its own, in which somebody is signed in. When the test ends, nothing may have gone wrong there unseen: no
 * exception, nothing that the Content-Security-Policy forbids, and no request to any other host.
 */
export async function visit(server: StartedCapstone, userId: string, options: VisitOptions = {}) {
  const { url = server.url, path = "/b/board-1", context: contextOptions } = options;
  const cookie = await server.signIn(userId);
  const prepare = async (context: BrowserContext) => {
    context.setDefaultTimeout(PATIENCE_MS);
    watch(context, userId, url);
    const [name = "", value = ""] = cookie.split("=", 2);
    await context.addCookies([{ name, value, url }]);
    await options.prepare?.(context);
  };
  const { page, context } = await openPage(url + path, contextOptions, prepare);
  return { ...boardPage(page), context, url, cookie };
}

/** Another tab of the same browser. */
export async function openTab(of: { context: BrowserContext; url: string }, path = "/b/board-1") {
  const page = await of.context.newPage();
  await page.goto(of.url + path);
  return { ...boardPage(page), context: of.context, url: of.url };
}

/** What only a faulty page would say. */
function watch(context: BrowserContext, userId: string, url: string): void {
  const problems: string[] = [];
  const host = new URL(url).host;
  context.on("weberror", (error) => problems.push(`${userId}: ${error.error()}`));
  context.on("console", (message) => {
    const text = message.text();
    // A network that is broken on purpose is no fault of the page, and neither is a refusal.
    const isNetwork = /^Failed to load resource|^WebSocket connection to|ERR_/.test(text);
    if (message.type() === "error" && !isNetwork) problems.push(`${userId}: ${text}`);
  });
  context.on("request", (request) => {
    const asked = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(asked.protocol) && asked.host !== host) {
      problems.push(`${userId} asked ${asked.host}`);
    }
  });
  onTestFinished(() => {
    expect(problems, "what went wrong in the pages").toEqual([]);
  });
}

function boardPage(page: Page) {
  const list = (name: string) => page.getByRole("region", { name, exact: true });
  const card = (title: string) =>
    page.locator("[data-task-id]").filter({ has: page.getByRole("link", { name: title, exact: true }) });
  const notifications = page.getByRole("log", { name: "Notifications" });
  const dialog = page.getByRole("dialog");
  const statusText = page.locator("#status-text");

  async function titles(listName: string): Promise<string[]> {
    return list(listName).getByRole("listitem").locator("[data-part=open]").allTextContents();
  }

  /** A card that was added, by the title of the list. */
  async function add(listName: string, title: string): Promise<void> {
    const field = list(listName).getByLabel(`Title of the new card in ${listName}`);
    const button = list(listName).getByRole("button", { name: `Add a card to ${listName}` });
    if ((await field.count()) === 0) await button.click();
    await field.fill(title);
    await field.press("Enter");
    await card(title).waitFor();
  }

  /** An item of a card's menu, or of the menu that it leads to. */
  async function choose(title: string, ...items: string[]): Promise<void> {
    const opened = card(title);
    await opened.hover();
    await opened.getByRole("button", { name: `Actions for “${title}”` }).click();
    for (const item of items) await page.locator("[role^=menuitem]").getByText(item, { exact: true }).click();
  }

  /** Opens the dialog. */
  async function open(title: string): Promise<Locator> {
    await page.getByRole("link", { name: title, exact: true }).click();
    await dialog.getByLabel("Title", { exact: true }).waitFor();
    return dialog;
  }

  /** Takes a card with the mouse and holds it. @returns moves it over another one, or an empty list, and lets it go */
  async function take(title: string) {
    await card(title).hover();
    await page.mouse.down();
    const box = await card(title).boundingBox();
    if (!box) throw new Error(`“${title}” is nowhere`);
    // A drag begins when the mouse has moved a little.
    await page.mouse.move(box.x + box.width / 2 + 6, box.y + box.height / 2 + 6, { steps: 3 });
    async function over(target: Locator, part = 0.25): Promise<void> {
      const to = await target.boundingBox();
      if (!to) throw new Error("There is nothing to drag it to");
      await page.mouse.move(to.x + to.width / 2, to.y + to.height * part, { steps: 6 });
    }
    return { over, drop: () => page.mouse.up() };
  }

  /** Drags a card before another one. */
  async function dragBefore(title: string, otherTitle: string): Promise<void> {
    const taken = await take(title);
    await taken.over(card(otherTitle));
    await taken.drop();
  }

  return {
    page,
    list,
    card,
    titles,
    add,
    choose,
    open,
    take,
    dragBefore,
    dialog,
    notifications,
    /** With this text in it. */
    toast: (text: string | RegExp) => notifications.locator(".toast").filter({ hasText: text }),
    status: async () => (await statusText.allTextContents()).join(),
    /** Waits until the status says this. */
    says: (text: string | RegExp) => statusText.filter({ hasText: text }).waitFor({ state: "attached" }),
    close: () => page.close(),
  };
}
