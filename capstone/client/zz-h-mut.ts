import { openDatabase } from "/work/main/shared/database.ts";
import { listen } from "/work/main/shared/serve.ts";
import { launchChromium } from "/work/main/shared/testing/chromium.ts";
import { buildClient } from "/work/main/capstone/client/bundle.ts";
import { createApp } from "/work/main/capstone/server/app.ts";
import { NO_LIMITS } from "/work/main/capstone/tests/no-limits.ts";
import { seedDemo } from "/work/main/capstone/server/store/demo-board.ts";
import { openSqliteStore } from "/work/main/capstone/server/store/sqlite-store.ts";
import { generateNKeysBetween } from "fractional-indexing";

const ROUNDS = Number(process.argv[2] ?? 15);
const database = openDatabase();
const store = openSqliteStore({ database });
await seedDemo(store, database);
const client = await buildClient();
if (process.argv[3]) {
  const { build } = await import("esbuild");
  const out = await build({ entryPoints: ["/work/main/capstone/client/main.tsx"], bundle: true, write: false, format: "esm", target: ["es2022"], jsx: "automatic", jsxImportSource: "preact", define: { "process.env.NODE_ENV": '"production"' } });
  for (const [k, f] of client.files) if (k.endsWith(".js") && k.startsWith("/assets")) (client.files as any).set(k, { ...f, body: out.outputFiles[0]!.contents });
}
const server = await listen(createApp({ store, client, isDemo: true, limits: NO_LIMITS }), { graceMs: 100 });
const cookieOf = async (userId: string) => {
  const r = await fetch(`${server.url}/session/demo`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ userId }) });
  return r.headers.getSetCookie()[0]!.split(";", 1)[0]!;
};
const alice = await cookieOf("alice"), bob = await cookieOf("bob");
const call = async (cookie: string, method: string, path: string, body?: unknown) => {
  const r = await fetch(server.url + path, { method, headers: { cookie, "content-type": "application/json", origin: server.url }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (!r.ok) throw new Error(`${method} ${path} ${r.status} ${await r.text()}`);
  return r.status === 204 ? undefined : r.json();
};
const LISTS = 5, PER = 200;
const listKeys = generateNKeysBetween(null, null, LISTS), keys = generateNKeysBetween(null, null, PER);
const lists = listKeys.map((position, i) => ({ id: `l${i}`, name: `List ${i}`, position }));
const tasks = lists.flatMap((l, i) => keys.map((position, k) => ({ id: `t${i}-${k}`, listId: l.id, title: `Card ${i}-${k} with some words that wrap around in the list`, position, description: k % 3 ? "" : "text", labels: k % 4 ? [] : ["design", "urgent"], dueOn: k % 5 ? null : "2026-11-30", assigneeId: null })));
const { id: boardId } = await call(alice, "POST", "/boards/import", { format: "real-time-board", version: 1, board: { name: "Big" }, lists, tasks, comments: [] });
await call(alice, "POST", `/boards/${boardId}/members`, { userId: "bob", role: "editor" });
const snap = await call(bob, "GET", `/boards/${boardId}`);
const browser = await launchChromium();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...(process.env.CALM && { reducedMotion: "reduce" as const }) });
const [n, v] = alice.split("=", 2) as [string, string];
await context.addCookies([{ name: n, value: v, url: server.url }]);
const page = await context.newPage();
for (let i = 0; i < 3; i++) {
  await page.goto("about:blank");
  await page.goto(`${server.url}/b/${boardId}`, { waitUntil: "commit" });
  await page.waitForSelector("[data-task-id]");
  const t = await page.evaluate(() => new Promise<number>((r) => requestAnimationFrame(() => setTimeout(() => r(performance.now())))));
  const cdp0 = await context.newCDPSession(page);
  await cdp0.send("Performance.enable");
  const m = Object.fromEntries((await cdp0.send("Performance.getMetrics")).metrics.map((x: any) => [x.name, x.value]));
  console.log(`open ${i}: cards shown at ${t.toFixed(0)} ms; script ${(m.ScriptDuration * 1000).toFixed(0)} layout ${(m.LayoutDuration * 1000).toFixed(0)} style ${(m.RecalcStyleDuration * 1000).toFixed(0)} task ${(m.TaskDuration*1000).toFixed(0)}`);
  await cdp0.detach();
}
await page.locator("#status-text", { hasText: "Live" }).waitFor({ state: "attached" });
await page.waitForTimeout(3000);
const cdp = await context.newCDPSession(page);
await cdp.send("Performance.setTimeDomain" as any, { timeDomain: "threadTicks" }); await cdp.send("Performance.enable");
const read = async () => Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map((x: any) => [x.name, x.value])) as Record<string, number>;
const settle = (ms: number) => new Promise((r) => setTimeout(r, ms));
async function measure(name: string, act: (i: number) => Promise<unknown>) {
  const samples: number[][] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const a = await read();
    await act(i);
    await settle(350);
    const b = await read();
    samples.push(["ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration"].map((k) => (b[k]! - a[k]!) * 1000));
  }
  if (process.env.MIN) samples.sort((x, y) => x[0]! + x[1]! + x[2]! - y[0]! - y[1]! - y[2]!).splice(Math.ceil(samples.length * 0.6)); const at = (col: number, q: number) => { const s = samples.map((x) => x[col]!).sort((x, y) => x - y); return s[Math.min(s.length - 1, Math.floor(q * s.length))]!.toFixed(1); };
  const sum = samples.map((x) => x[0]! + x[1]! + x[2]!).sort((x, y) => x - y);
  console.log(`${name.padEnd(26)} median: script ${at(0, .5)} layout ${at(1, .5)} style ${at(2, .5)} sum ${sum[sum.length >> 1]!.toFixed(1)} max ${sum.at(-1)!.toFixed(1)} task ${at(3, .5)}`);
}
const ids = (l: string) => snap.tasks.filter((t: any) => t.listId === l).map((t: any) => t.id);
const L = snap.lists.map((l: any) => l.id);
const L0 = ids(L[0]), L1 = ids(L[1]);


await page.evaluate("globalThis.__name = (f) => f");
const exp = (name: string, css: string) => page.evaluate(async ([name, css]) => {
  const sheet = new CSSStyleSheet(); sheet.replaceSync(css!); document.adoptedStyleSheets = [sheet];
  const list = document.querySelectorAll("[data-cards]")[1]!;
  const raf = () => new Promise<void>((r) => requestAnimationFrame(() => setTimeout(r, 30)));
  await raf(); await raf();
  const a: number[] = [], b: number[] = [];
  for (let i = 0; i < 9; i++) {
    const el = list.children[3]!.cloneNode(true) as HTMLElement;
    const t0 = performance.now(); list.insertBefore(el, list.firstChild); getComputedStyle(el).color; const t1 = performance.now(); el.getBoundingClientRect(); const t2 = performance.now();
    a.push(t1 - t0); b.push(t2 - t1);
    await raf(); el.remove(); await raf();
  }
  const m = (x: number[]) => x.sort((p, q) => p - q)[4]!.toFixed(2);
  return `${name}: style ${m(a)} layout ${m(b)}`;
}, [name, css]).then((x) => console.log(x));
await exp("as is", "");
await exp("cv visible", ".card { content-visibility: visible !important }");
await exp("no contain on cards", ".cards { contain: none !important }");
await exp("flex", ".cards { display: flex !important; flex-direction: column; gap: 8px; contain: none !important } .card { flex: none } .card + .card { margin-top: 0 !important }");
await exp("card block", ".card { display: block !important }");
await exp("no overflow", ".cards { overflow: visible !important }");
await exp("contain strict-ish column", ".column { contain: layout style paint !important }");
await exp("as is", "");
await page.evaluate(() => { for (const sheet of document.styleSheets) for (let i = sheet.cssRules.length - 1; i >= 0; i--) { if (/(nth|first|last)-(child|of)|:empty|:has/.test(sheet.cssRules[i]!.cssText.split("{").slice(0, -1).join("{"))) sheet.deleteRule(i); } });
await exp("without positional rules", "");
await browser.close(); process.exit(0);
