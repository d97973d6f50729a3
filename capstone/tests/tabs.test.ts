import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import { openTab, startBoards, visit } from "./board-page.ts";

const SOON_MS = 20_000;
/** How long somebody whose connection broke is still shown, in milliseconds. */
const GRACE_MS = 2_000;

async function openThree() {
  const server = await startBoards({ live: { graceMs: GRACE_MS } });
  const bob = await visit(server, "bob");
  await bob.says("Live");
  const first = await visit(server, "alice");
  await first.says("Live");
  const tabs = [first, await openTab(first), await openTab(first)] as const;
  await Promise.all(tabs.map((tab) => tab.says("Live")));
  await bob.page.getByLabel("Alice is here").waitFor();
  /** What Bob has seen of Alice, also for a moment. */
  await bob.page.evaluate(() => {
    const look = () => {
      if (!document.querySelector("[aria-label='Alice is here']"))
        document.documentElement.dataset.missed = "yes";
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
  return { server, bob, tabs, sockets: () => server.app.live.counts().sockets };
}

describe("three tabs of one user", () => {
  browserTest("share one connection, and a change in one shows in all", async () => {
    const { bob, tabs, sockets } = await openThree();
    const [first, second, third] = tabs;
    expect(sockets()).toBe(2);
    await third.add("To do", "From the third");
    for (const who of [first, second, bob]) await who.card("From the third").waitFor();
    await first.choose("Draw the logo", "Move to list", "Done");
    for (const who of [second, third, bob]) {
      await until("the move", async () => (await who.titles("Done")).at(-1) === "Draw the logo", SOON_MS);
    }
    await bob.choose("From the third", "Delete");
    for (const tab of tabs) await tab.card("From the third").waitFor({ state: "detached" });
    // Somebody who has three tabs is there once.
    expect(await bob.page.getByLabel("Alice is here").count()).toBe(1);
    expect(sockets()).toBe(2);
  });

  browserTest(
    "the one with the connection is closed: another one takes over, and Alice was never away",
    async () => {
      const { bob, tabs, sockets } = await openThree();
      const [first, second, third] = tabs;
      // The first that came has it.
      await first.close();
      await until("the next connection", () => sockets() === 2, SOON_MS);
      await Promise.all([second.says("Live"), third.says("Live")]);
      await second.add("To do", "Still here");
      await Promise.all([third.card("Still here").waitFor(), bob.card("Still here").waitFor()]);
      // Nothing should happen, and that takes as long as it would have taken.
      await bob.page.waitForTimeout(GRACE_MS + 500);
      expect(await bob.page.locator("html[data-missed]").count()).toBe(0);

      await third.close();
      await bob.add("To do", "For the last tab");
      await second.card("For the last tab").waitFor();
      await second.close();
      await bob.page.getByLabel("Alice is here").waitFor({ state: "detached" });
      await until("no connection of hers", () => sockets() === 1, SOON_MS);
    },
  );

  browserTest("a change that a tab has just made is not lost with it", async () => {
    const { server, bob, tabs } = await openThree();
    const [first, second] = tabs;
    await second.add("To do", "Last words");
    await second.close();
    await first.add("To do", "Last words of the first");
    await first.close();
    for (const title of ["Last words", "Last words of the first"]) await bob.card(title).waitFor();
    const { tasks } = (await server.store.snapshot("board-1")) as { tasks: readonly { title: string }[] };
    expect(tasks.filter(({ title }) => title.startsWith("Last words"))).toHaveLength(2);
  });
});
