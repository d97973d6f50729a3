import { join } from "node:path";
import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { type BoardPage, openTab, startBoards, visit } from "./board-page.ts";
import { longest, watchStatus } from "./watch-status.ts";

const BACK_MS = 45_000;

async function untilLive(...all: BoardPage[] | Pick<BoardPage, "page">[]): Promise<void> {
  const isLive = ({ page }: Pick<BoardPage, "page">) =>
    page
      .locator("#status-text")
      .filter({ hasText: /^Live$/ })
      .waitFor({ state: "attached", timeout: BACK_MS });
  await Promise.all(all.map(isLive));
}

describe("the server is stopped and started again", () => {
  browserTest(
    "under two tabs and another browser: nothing is lost, nothing is there twice, and the status says how it is",
    async () => {
      const databaseFile = join(temporaryFolder(), "board.sqlite");
      const first = await startBoards({ databaseFile });
      const alice = await visit(first, "alice");
      const second = await openTab(alice);
      const bob = await visit(first, "bob");
      const all = [alice, second, bob];
      await untilLive(...all);
      await alice.add("To do", "Before");
      await Promise.all([second.card("Before").waitFor(), bob.card("Before").waitFor()]);
      const said = await Promise.all(all.map(({ page }) => watchStatus(page)));

      const after = (await first.store.head("board-1"))?.seq ?? 0;
      await first.close();
      const downAt = Date.now();
      await alice.add("To do", "One tab");
      await second.add("Doing", "The other tab");
      await alice.choose("Before", "Delete");
      await bob.add("Done", "The other browser");
      await alice.says("Offline — 3 changes waiting");
      await second.says("Offline — 3 changes waiting");
      await bob.says("Offline — 1 change waiting");
      const upAt = Date.now();
      const next = await startBoards({ databaseFile, listen: { port: first.port } });
      await untilLive(...all);

      for (const who of all) {
        for (const title of ["One tab", "The other tab", "The other browser"])
          await who.card(title).waitFor();
        await who.card("Before").waitFor({ state: "detached" });
        expect(await who.page.locator("[data-task-id]").count()).toBe(12 + 3);
      }
      const events = [...(await next.store.eventsBefore("board-1", undefined, 50))].filter(
        ({ seq }) => seq > after,
      );
      const types = events.map(({ type, actorId }) => `${actorId} ${type}`).sort();
      expect(types).toEqual([
        "alice task_created",
        "alice task_created",
        "alice task_deleted",
        "bob task_created",
      ]);
      for (const each of said) {
        const texts = await each();
        expect(longest(texts, (text) => text === "Live", { from: downAt, to: upAt })).toBeLessThan(500);
        expect(
          longest(texts, (text) => text.startsWith("Offline"), { from: downAt, to: upAt }),
        ).toBeGreaterThan(0);
      }
      for (const who of all) expect(await who.toast("Not saved").count()).toBe(0);
    },
    120_000,
  );

  browserTest("in a moment: they are back, without a word about it", async () => {
    const databaseFile = join(temporaryFolder(), "board.sqlite");
    const first = await startBoards({ databaseFile });
    const [alice, bob] = await Promise.all([visit(first, "alice"), visit(first, "bob")]);
    await untilLive(alice, bob);
    const field = (await alice.open("Draw the logo")).getByLabel("Description");
    await field.fill("Half a sen");
    await first.close();
    const next = await startBoards({ databaseFile, listen: { port: first.port } });
    await untilLive(alice, bob);
    await bob.add("To do", "Afterwards");
    await alice.card("Afterwards").waitFor();
    expect(await field.inputValue()).toBe("Half a sen");
    await alice.page.keyboard.press("Control+Enter");
    await bob.open("Draw the logo");
    await until(
      "the text",
      async () => (await bob.dialog.getByLabel("Description").inputValue()) === "Half a sen",
    );
    expect(next.app.live.counts().sockets).toBe(2);
  });
});
