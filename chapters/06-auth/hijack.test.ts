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

describe("a page on another port that opens a socket with the visitor's cookie", () => {
  for (const sameSite of ["Lax", "Strict"] as const) {
    browserTest(
      `gets in where the cookie is all that counts, although that is SameSite=${sameSite}, and is refused here`,
      async () => {
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

        const attack = await context.newPage();
        await attack.goto(`http://evil.course.localhost:${evil.port}/`);
        const answer = (port: number) => attack.locator(`[data-host="${host(port)}"]`);
        await answer(real.port).filter({ hasText: "refused" }).waitFor();
        await answer(hijackable.port).filter({ hasText: '"joined"' }).waitFor();
        // What only members may read is on the attacker's page.
        const stolen = await until("the events", async () => {
          const text = (await answer(hijackable.port).textContent()) ?? "";
          return text.includes('"seq":9') && text;
        });
        expect(stolen).toContain("Buy the domain");
        expect(await answer(real.port).textContent()).toBe("refused");
      },
    );
  }

  browserTest("the browser has told the truth about it all along", async () => {
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
