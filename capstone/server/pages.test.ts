import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ClientBuild } from "./pages.ts";
import { openCapstone } from "./testing/people.ts";

const SCRIPT = "console.info('the board');".repeat(50);
const client: ClientBuild = {
  html: "<!doctype html><title>Boards</title>",
  files: new Map([
    [
      "/assets/app.abc.js",
      { type: "text/javascript; charset=utf-8", body: new TextEncoder().encode(SCRIPT), immutable: true },
    ],
    ["/assets/dot.png", { type: "image/png", body: new Uint8Array([1, 2, 3]), immutable: true }],
    [
      "/sw.js",
      { type: "text/javascript; charset=utf-8", body: new TextEncoder().encode("1"), immutable: false },
    ],
  ]),
};

test("all pages are the same shell, for anybody", async () => {
  const { nobody } = await openCapstone({ client });
  for (const path of [
    "/",
    "/b/board-1",
    "/b/board-1/c/task-1",
    "/invite/abc",
    "/sign-in",
    "/settings",
    "/?x=1",
  ]) {
    const { status, text, headers } = await nobody.ask("GET", path);
    expect([status, text], path).toEqual([200, client.html]);
    expect(headers.get("cache-control")).toBe("no-cache");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'/);
  }
  expect((await nobody.ask("POST", "/sign-in", {})).said).toBe("401 not_signed_in");
});

test("a page that does not exist is a page for browsers, and JSON for programs", async () => {
  const { nobody, signedIn } = await openCapstone({ client });
  const browser = { accept: "text/html,application/xhtml+xml" };
  for (const path of ["/nowhere", "/b", "/b/board-1/x", "/settings/more"]) {
    const shown = await nobody.ask("GET", path, undefined, browser);
    expect([shown.status, shown.text], path).toEqual([404, client.html]);
  }
  const alice = await signedIn("alice");
  expect((await alice.ask("GET", "/nowhere")).said).toBe("404 not_found");
  // What is the API's answers as the API, to everybody.
  expect((await nobody.ask("GET", "/boards/board-1", undefined, browser)).said).toBe("401 not_signed_in");
  expect((await nobody.ask("GET", "/assets/old.js", undefined, browser)).status).toBe(404);
  expect((await nobody.ask("GET", "/assets/old.js", undefined, browser)).text).not.toBe(client.html);
});

test("what has a hash in its name is kept for ever, and nothing else", async () => {
  const { nobody } = await openCapstone({ client });
  const script = await nobody.ask("GET", "/assets/app.abc.js");
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect((await nobody.ask("GET", "/sw.js")).headers.get("cache-control")).toBe("no-cache");
});

test("files come compressed, and not at all when the browser has them", async () => {
  const { nobody, app } = await openCapstone({ client });
  for (const [encoding, unpack] of [
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
  ] as const) {
    const headers = { host: "localhost", "accept-encoding": encoding };
    const response = await app.fetch(new Request("http://localhost/assets/app.abc.js", { headers }));
    expect(response.headers.get("content-encoding")).toBe(encoding);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length).toBeLessThan(SCRIPT.length / 4);
    expect(Number(response.headers.get("content-length"))).toBe(bytes.length);
    expect(unpack(bytes).toString()).toBe(SCRIPT);
    const etag = response.headers.get("etag") ?? "";
    const again = await nobody.ask("GET", "/assets/app.abc.js", undefined, {
      ...headers,
      "if-none-match": etag,
    });
    expect([again.status, again.text]).toEqual([304, ""]);
  }
  // What a 304 says replaces what the browser has stored: another policy would stop the page's own script.
  const shell = await nobody.ask("GET", "/");
  const unchanged = await nobody.ask("GET", "/", undefined, {
    "if-none-match": shell.headers.get("etag") ?? "",
  });
  expect([unchanged.status, unchanged.headers.get("content-security-policy")]).toEqual([304, null]);
  const picture = await nobody.ask("GET", "/assets/dot.png", undefined, { "accept-encoding": "br" });
  expect(picture.headers.get("content-encoding")).toBeNull();
  const head = await nobody.ask("HEAD", "/");
  expect([head.status, head.text]).toEqual([200, ""]);
});
