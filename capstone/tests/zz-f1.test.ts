import { describe } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { startBoards, visit } from "./board-page.ts";
describe("x", () => {
  browserTest("sw", async () => {
    const server = await startBoards();
    const alice = await visit(server, "alice");
    await alice.says("Live");
    alice.page.on("console", (m) => console.log(m.text()));
    console.log(await alice.page.evaluate(async () => {
      const wait = new Promise((r) => setTimeout(() => r("timeout"), 4000));
      const reg = await navigator.serviceWorker.getRegistration();
      return JSON.stringify([await Promise.race([navigator.serviceWorker.ready.then(() => "ready"), wait]), reg?.installing?.state, reg?.waiting?.state, reg?.active?.state, (await indexedDB.databases())]);
    }));
    console.log(await alice.page.evaluate(() => navigator.serviceWorker.register("/sw.js").then((r) => "ok " + r.installing?.state, (e) => String(e))));
    const r = await fetch(server.url + "/sw.js"); console.log(r.status, JSON.stringify([...r.headers]));
    const h = await fetch(server.url + "/"); console.log(h.headers.get("content-security-policy"));
    console.log(await alice.page.evaluate(async () => { try { const c = await caches.open("x"); await c.addAll(["/"]); return "added" } catch (e) { return String(e) } }));
  });
});
