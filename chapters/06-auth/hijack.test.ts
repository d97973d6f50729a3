import { once } from "node:events";
import { describe, expect } from "vitest";
import { WebSocketServer } from "ws";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";
import { createEvilPage } from "./evil-page.ts";
import { withoutOriginCheck } from "./hijackable.ts";

/** Bob is signed in, and visits the attacker's page, which tries a server that looks at the cookie alone, and ours. */
async function attack(sameSite: "Lax" | "Strict"): Promise<void> {
  const { database } = demoBoard();
  const app = withPage(createApp({ database }), import.meta.dirname);
  const hijackable = await startServer(withoutOriginCheck(app));
  const real = await startServer(app);
  const host = (port: number) => `bob.course.localhost:${port}`;
  const evil = await startServer(
    createEvilPage([
      { name: "hijackable", host: host(hijackable.port) },
      { name: "real", host: host(real.port) },
    ]),
  );

  const { page, context } = await openPage(`http://${host(real.port)}/board?user=bob`);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("live", { exact: true }).waitFor();
  const [cookie] = await context.cookies();
  if (!cookie) throw new Error("there is no cookie");
  await context.addCookies([{ ...cookie, sameSite }]);

  const evilTab = await context.newPage();
  await evilTab.goto(`http://evil.course.localhost:${evil.port}/`);
  const answer = (port: number) => evilTab.locator(`[data-host="${host(port)}"]`);
  await answer(real.port).filter({ hasText: "refused" }).waitFor();
  // What only members may read is on the attacker's page.
  const stolen = await until("the events", async () => {
    const text = (await answer(hijackable.port).textContent()) ?? "";
    return text.includes('"seq":9') && text;
  });
  expect(stolen).toContain("Buy the domain");
  expect(await answer(real.port).textContent()).toBe("refused");
}

describe("a page on another port that opens a socket with the visitor's cookie", () => {
  browserTest("is refused here, and gets in where the cookie is all that counts", () => attack("Lax"));
  browserTest("is not kept out by SameSite=Strict", () => attack("Strict"));

  browserTest("is named by the browser, truthfully", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const evil = await startServer(createEvilPage([{ name: "any", host: `bob.course.localhost:${port}` }]));
    const connection = once(server, "connection");
    await openPage(`http://evil.course.localhost:${evil.port}/`);
    const [, request] = await connection;
    expect(request.headers.origin).toBe(`http://evil.course.localhost:${evil.port}`);
    for (const client of server.clients) client.terminate();
    server.close();
  });
});
