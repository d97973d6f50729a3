import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import { startBoards, visit } from "../../tests/board-page.ts";
import { watchStatus } from "../../tests/watch-status.ts";

browserTest("a server that takes no changes is not called live and nothing else", async () => {
  const server = await startBoards();
  let isFull = false;
  const alice = await visit(server, "alice", {
    // Without a socket a change is a request, and that can be answered here.
    async prepare(context) {
      await context.routeWebSocket(/./, (socket) => socket.close({ code: 1011 }));
      await context.route("**/tasks", (route) =>
        isFull
          ? route.fulfill({ status: 503, body: "{}", contentType: "application/json" })
          : route.fallback(),
      );
    },
  });
  await alice.says(/^Live$/);
  const saidInPeace = await watchStatus(alice.page);
  await alice.add("To do", "Saved at once");
  await until("it on the server", async () => {
    return JSON.stringify(await server.store.snapshot("board-1")).includes("Saved at once");
  });
  expect((await saidInPeace()).map(({ text }) => text)).toEqual(["Live"]);

  isFull = true;
  await alice.add("To do", "Not on any disk");
  await alice.says(/^Live — 1 change not saved yet$/);
  await alice.add("To do", "Nor this one");
  await alice.says(/^Live — 2 changes not saved yet$/);
  const waiting = alice.page.locator("[data-waiting]");
  expect(await waiting.locator("[data-part=open]").allTextContents()).toEqual([
    "Not on any disk",
    "Nor this one",
  ]);
  const status = alice.page.getByRole("button", {
    name: "Connection",
    description: /2 changes not saved yet/,
  });
  await status.click();
  await alice.dialog.getByText("What you change is kept on this device, and is sent again").waitFor();
  await alice.page.keyboard.press("Escape");
  await alice.page.setViewportSize({ width: 390, height: 700 });
  await alice.page.locator(".status-button").getByText("2 changes not saved yet").waitFor();
  expect(await alice.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  isFull = false;
  await alice.says(/^Live$/);
  await waiting.first().waitFor({ state: "detached" });
  const snapshot = await server.store.snapshot("board-1");
  expect(JSON.stringify(snapshot)).toContain("Nor this one");
});
