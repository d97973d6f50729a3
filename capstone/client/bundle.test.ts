import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildClient } from "./bundle.ts";

test("the page is small, and needs nothing that a strict policy forbids", async () => {
  const { html, files } = await buildClient();
  expect(html).not.toMatch(/ style=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|https?:/);
  const linked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? "");
  for (const path of linked) expect([...files.keys()], path).toContain(path);

  const script = [...files].find(([path]) => /^\/assets\/app\.[\w-]+\.js$/.test(path));
  expect(script?.[1].immutable).toBe(true);
  const code = new TextDecoder().decode(script?.[1].body);
  expect(code).not.toMatch(/\beval\(|new Function\(/);
  expect(gzipSync(code).length).toBeLessThan(72 * 1024);
});

test("the service worker keeps all that the shell loads, and has another name when that changes", async () => {
  const { html, files } = await buildClient();
  const worker = new TextDecoder().decode(files.get("/sw.js")?.body);
  expect(files.get("/sw.js")?.immutable).toBe(false);
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) expect(worker).toContain(path);
  expect(worker).not.toContain("ASSETS");
});
