import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { browserTest, openPage } from "../testing/browser.ts";
import { startServer } from "../testing/start-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
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

describe("the chapter's client", () => {
  browserTest("a gap in the events makes the page fetch the board again", async () => {
    const folder = chapter("");
    cpSync(join(import.meta.dirname, "connect.ts"), join(folder, "connect.ts"));
    // A client that skips an event: the page must not show a board that never was.
    writeFileSync(
      join(folder, "client.ts"),
      `export const connect = (boardId, cursor, onEvents, onState) => {
        onState("live");
        if (cursor.seq < 9) setTimeout(() => onEvents([{ seq: cursor.seq + 2, type: "board_renamed", data: { name: "Wrong" } }]), 50);
        return () => {};
      };`,
    );
    let asked = 0;
    const app = {
      fetch: () => {
        asked += 1;
        const board = { id: "board-1", name: asked === 1 ? "Old" : "Right", epoch: "e", members: [] };
        return Response.json({ board, lists: [], tasks: [], seq: asked === 1 ? 3 : 9 });
      },
    };
    const server = await startServer(withPage(app, folder));
    const { page, errors } = await openPage(`${server.url}/board`);
    await page.getByRole("heading", { name: "Right" }).waitFor();
    expect(asked).toBe(2);
    expect(errors).toEqual([]);
  });
});
