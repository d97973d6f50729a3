import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { errorResponse } from "../refusal.ts";
import { browserTest, openPage } from "../testing/browser.ts";
import { startServer } from "../testing/start-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { until } from "../testing/until.ts";
import { withPage } from "./page.ts";

const APP = { fetch: (request: Request) => new Response(`the app: ${request.method}`, { status: 299 }) };

/** A chapter whose client is this text. */
function chapter(client: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "README.md"), '# 99 · <i>Italics</i> & "quotes"\n');
  writeFileSync(join(folder, "client.ts"), client);
  return folder;
}

const get = (folder: string, path: string, method = "GET") =>
  withPage(APP, folder).fetch(new Request(`http://localhost${path}`, { method }));

describe("withPage", () => {
  test("answers its own paths and leaves the others to the app", async () => {
    const folder = chapter("export const connect = () => () => {};");
    for (const [path, type] of [
      ["/", "text/html"],
      ["/board?user=bob", "text/html"],
      ["/page/panes.js", "text/javascript"],
      ["/page/board.js", "text/javascript"],
      ["/page/style.css", "text/css"],
    ] as const) {
      const response = await get(folder, path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get("content-type")).toContain(type);
      expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect((await get(folder, "/boards/board-1")).status).toBe(299);
    expect(await (await get(folder, "/", "POST")).text()).toBe("the app: POST");
  });

  test("the lesson's title is text in the page", async () => {
    const html = await (await get(chapter(""), "/")).text();
    expect(html).toContain("<h1>99 · &lt;i&gt;Italics&lt;/i&gt; &amp; &quot;quotes&quot;</h1>");
  });

  test("close is passed on to the app", async () => {
    const close = vi.fn();
    await withPage({ ...APP, close }, chapter("")).close?.();
    expect(close).toHaveBeenCalledOnce();
  });

  test("a client that cannot be built is reported in the terminal and in the page, with file and line", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => report.mockRestore());
    const folder = chapter('export const connect = () => {};\nimport "./nowhere.ts";\n');
    const script = await (await get(folder, "/page/board.js")).text();
    expect(String(report.mock.calls[0]?.[0])).toMatch(
      /Could not resolve "\.\/nowhere\.ts"[\s\S]*client\.ts:2:/,
    );
    expect(script).toContain("This page cannot be built");
    expect(script).toMatch(/client\.ts:2:/);
  });

  test("a mended client is bundled at the next request: there is no build step", async () => {
    const folder = chapter("export const connect = 1 +;");
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => report.mockRestore());
    expect(await (await get(folder, "/page/board.js")).text()).toContain("cannot be built");
    writeFileSync(join(folder, "client.ts"), 'export const connect = () => () => "mended";');
    expect(await (await get(folder, "/page/board.js")).text()).toContain("mended");
  });

  browserTest("the page shows the build error as text", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => report.mockRestore());
    const folder = chapter('export const connect = "<img src=x>" +;');
    const server = await startServer(withPage(APP, folder));
    const { page } = await openPage(`${server.url}/board?user=bob`);
    const error = page.locator(".build-error");
    await error.waitFor();
    expect(await error.textContent()).toMatch(/client\.ts:1:\d+/);
    expect(await page.locator("img").count()).toBe(0);
  });
});

/** A board that is answered as the test says: the n-th answer, counted from 1. */
function boardApp(
  answer: (asked: number) => { name: string; seq: number; epoch?: string; delayMs?: number },
) {
  const app = {
    asked: 0,
    async fetch() {
      app.asked += 1;
      const { name, seq, epoch = "e", delayMs = 0 } = answer(app.asked);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const board = { id: "board-1", name, epoch, members: [] };
      return Response.json({ board, lists: [], tasks: [], seq });
    },
  };
  return app;
}

describe("the board page", () => {
  browserTest("a gap in the events makes the page fetch the board again", async () => {
    // A client that skips an event: the page must not show a board that never was.
    const folder = chapter(`export const connect = (boardId, cursor, onEvents, onState) => {
      onState("live");
      const event = { seq: cursor.seq + 2, type: "board_renamed", data: { name: "Wrong" } };
      if (cursor.seq < 9) setTimeout(() => onEvents([event]), 50);
      return () => {};
    };`);
    const app = boardApp((asked) => (asked === 1 ? { name: "Old", seq: 3 } : { name: "Right", seq: 9 }));
    const server = await startServer(withPage(app, folder));
    const { page, errors } = await openPage(`${server.url}/board`);
    await page.getByRole("heading", { name: "Right" }).waitFor();
    expect(app.asked).toBe(2);
    expect(errors).toEqual([]);
  });

  browserTest("however often it has to start over, it follows the board once", async () => {
    const folder = chapter(`let alive = 0;
    let starts = 0;
    export const connect = (boardId, cursor, onEvents, onState) => {
      alive += 1;
      starts += 1;
      onState("live");
      if (starts === 1) setTimeout(() => { onState("reset"); onState("reset"); onState("reset"); }, 20);
      const timer = setInterval(() => { document.title = alive + " alive"; }, 10);
      return () => { alive -= 1; clearInterval(timer); };
    };`);
    const app = boardApp((asked) => ({ name: `Answer ${asked}`, seq: asked, delayMs: 50 }));
    const server = await startServer(withPage(app, folder));
    const { page } = await openPage(`${server.url}/board`);
    await page.getByRole("heading", { name: "Answer 4" }).waitFor(); // the last one asked for, and no other
    await until("one connection", async () => (await page.title()) === "1 alive");
    await page.waitForTimeout(200);
    expect(await page.title()).toBe("1 alive");
  });

  browserTest("a late answer about the old log does not replace the new one", async () => {
    // Refresh is asked first and answered last; meanwhile the client has noticed that the log is another one.
    const folder = chapter(`export const connect = (boardId, cursor, onEvents, onState) => {
      if (cursor.epoch === "old") addEventListener("click", () => setTimeout(() => onState("reset"), 20), { once: true });
      return () => {};
    };`);
    const app = boardApp((asked) => {
      if (asked === 1) return { name: "Old", seq: 50, epoch: "old" };
      if (asked === 2) return { name: "Old", seq: 51, epoch: "old", delayMs: 300 };
      return { name: "New", seq: 9, epoch: "new" };
    });
    const server = await startServer(withPage(app, folder));
    const { page } = await openPage(`${server.url}/board`);
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByRole("heading", { name: "New" }).waitFor();
    await page.waitForTimeout(500); // longer than the late answer takes
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("New");
  });

  browserTest("a board that does not exist is said, and not asked for again and again", async () => {
    let asked = 0;
    const app = {
      fetch: () => {
        asked += 1;
        return errorResponse(404, "not_found", "There is no such board.");
      },
    };
    const server = await startServer(withPage(app, chapter("export const connect = () => () => {};")));
    const { page } = await openPage(`${server.url}/board?board=board-9`);
    await page.getByText("There is no such board.").waitFor();
    await page.waitForTimeout(1_300); // longer than the pause before another try
    expect(asked).toBe(1);
  });

  browserTest("a server that is away when the page is opened is found when it is back", async () => {
    let isAway = true;
    const board = boardApp(() => ({ name: "Back", seq: 1 }));
    const server = await startServer(withPage(board, chapter("export const connect = () => () => {};")));
    const { page } = await openPage("about:blank");
    await page.route("**/boards/board-1", (route) => (isAway ? route.abort() : route.continue()));
    await page.goto(`${server.url}/board`);
    await page.getByText("The server cannot be reached…").waitFor();
    isAway = false;
    await page.getByRole("heading", { name: "Back" }).waitFor();
    await page.getByRole("button", { name: "Refresh" }).waitFor(); // and no word of a lost connection is left
    expect(await page.getByText("trying again").count()).toBe(0);
  });
});
