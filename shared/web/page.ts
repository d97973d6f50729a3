import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Servable } from "../serve.ts";
import { bundle } from "./bundle.ts";
import { asset, escapeHtml, html, page } from "./html.ts";

/** A board may be shown in a frame by its own page and, one person each, by a page on this machine. */
const BOARD_POLICY = {
  "frame-ancestors": "'self' http://course.localhost:* http://localhost:* http://127.0.0.1:*",
};

const USERS = [
  { id: "alice", name: "Alice" },
  { id: "bob", name: "Bob" },
];

/**
 * Adds a chapter's page to its app: `/` shows Alice and Bob side by side (where there are accounts, one board), `/board?user=bob` one of them alone, and
 * everything else is the app's.
 *
 * @param folder the chapter's folder: its `client.ts` keeps the boards up to date, its `README.md` has the title. From
 * chapter 06 on, `client.ts` also says `export const hasAccounts = true`: a board is shown to whoever is signed in.
 */
export function withPage(app: Servable, folder: string): Servable {
  return {
    ...app,
    async fetch(request) {
      if (request.method !== "GET" && request.method !== "HEAD") return app.fetch(request);
      const { pathname } = new URL(request.url);
      const answer = await pageFor(pathname, folder);
      return answer ?? app.fetch(request);
    },
  };
}

async function pageFor(pathname: string, folder: string): Promise<Response | undefined> {
  switch (pathname) {
    case "/":
      // Two people in one browser need two hosts, for their cookies. The stage has them; this server has one.
      if (await hasAccounts(folder))
        return new Response(null, { status: 303, headers: { location: "/board" } });
      return html(panesPage(await readTitle(folder)));
    case "/board":
      return html(boardPage(await readTitle(folder)), BOARD_POLICY);
    case "/page/panes.js":
      return asset("text/javascript", await bundle('import "./panes.ts";'));
    case "/page/board.js":
      return asset("text/javascript", await bundle(boardCode(folder)));
    case "/page/style.css":
      return asset("text/css", await readFile(join(import.meta.dirname, "style.css"), "utf8"));
    case "/favicon.ico":
      return new Response(null, { status: 204 });
    default:
      return undefined;
  }
}

async function hasAccounts(folder: string): Promise<boolean> {
  return /^export const hasAccounts = true;$/m.test(await readFile(join(folder, "client.ts"), "utf8"));
}

function boardCode(folder: string): string {
  const client = JSON.stringify(join(folder, "client.ts"));
  // Taken out of the namespace, because most clients have no `hasAccounts`, and to import what is not there is an error.
  return `import { connect } from ${client};
import * as client from ${client};
import { startBoard } from "./board-page.tsx";
const { hasAccounts = false } = client;
startBoard(connect, { hasAccounts });`;
}

/** The first heading of the chapter's lesson. */
async function readTitle(folder: string): Promise<string> {
  const lesson = await readFile(join(folder, "README.md"), "utf8");
  return /^# (.+)$/m.exec(lesson)?.[1] ?? "Real-Time APIs";
}

function panesPage(title: string): string {
  const panes = USERS.map(
    ({ id, name }) => `
      <section class="pane" aria-label="${name}">
        <h2>${name} <span class="requests"></span> <span class="delay">not loaded</span></h2>
        <iframe src="/board?user=${id}" title="The board as ${name} sees it"></iframe>
      </section>`,
  ).join("");
  return page({
    title,
    bodyClass: "panes-page",
    body: `<header><h1>${escapeHtml(title)}</h1></header>
    <main class="panes">${panes}
    </main>
    <script type="module" src="/page/panes.js"></script>`,
  });
}

function boardPage(title: string): string {
  return page({
    title,
    bodyClass: "board-page",
    body: `<main id="root"><noscript>The board needs JavaScript.</noscript></main>
    <script type="module" src="/page/board.js"></script>`,
  });
}
