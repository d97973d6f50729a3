import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import type { Store } from "../server/store/store.ts";
import { type BoardPage, cutOff, startBoards, tapTo, visit } from "./board-page.ts";

const SOON_MS = 20_000;
/** A page that has tried in vain for a while waits longer between two attempts. */
const BACK_MS = 45_000;

async function openTwo() {
  const server = await startBoards();
  const tap = await tapTo(server);
  const [alice, bob] = await Promise.all([visit(server, "alice", { url: tap.url }), visit(server, "bob")]);
  await Promise.all([alice.says("Live"), bob.says("Live")]);
  await untilKept(alice.page);
  return { server, tap, alice, bob };
}

/** The page itself and the board as it is can be opened without a network from now on. */
async function untilKept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  const isKept = () =>
    page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          const opening = indexedDB.open("board-outbox:alice");
          opening.onsuccess = () => {
            const counting = opening.result.transaction("snapshots").objectStore("snapshots").count();
            counting.onsuccess = () => {
              opening.result.close();
              resolve(counting.result > 0);
            };
          };
        }),
    );
  await until("the board to be kept", isKept, SOON_MS);
}

/** What a user has done, as the log says it. */
async function doneBy(store: Store, userId: string, after: number): Promise<string[]> {
  const events = [...(await store.eventsBefore("board-1", undefined, 100))].reverse();
  return events.filter(({ seq, actorId }) => seq > after && actorId === userId).map(({ type }) => type);
}

async function headOf(store: Store): Promise<number> {
  return (await store.head("board-1"))?.seq ?? 0;
}

/** A new card, another name, another place, and a card less. */
async function changeFourThings(alice: BoardPage): Promise<void> {
  await alice.add("To do", "Written on the train");
  await alice.page.keyboard.press("Escape");
  await alice.open("Draw the logo");
  await alice.dialog.getByLabel("Title", { exact: true }).fill("Draw a badge");
  await alice.page.keyboard.press("Enter");
  await alice.page.keyboard.press("Escape");
  await alice.choose("Buy the domain", "Move to list", "Doing");
  await alice.choose("Choose the typeface", "Delete");
}

async function showsFourThings(who: BoardPage): Promise<boolean> {
  const [todo, doing, done] = await Promise.all(["To do", "Doing", "Done"].map((name) => who.titles(name)));
  return (
    todo?.at(-1) === "Written on the train" &&
    doing?.[0] === "Draw a badge" &&
    doing.at(-1) === "Buy the domain" &&
    done?.join() === "Write down what we do not track,Set up the staging server"
  );
}

describe("without a network", () => {
  browserTest(
    "changes wait, survive a reload, and are made exactly once when it is back",
    async () => {
      const { server, tap, alice, bob } = await openTwo();
      const before = await headOf(server.store);
      const lift = cutOff(tap);
      await alice.says("Offline");
      await changeFourThings(alice);
      await alice.says("Offline — 4 changes waiting");
      expect(await alice.page.getByText("Not sent yet").count()).toBe(3);
      expect(await showsFourThings(alice)).toBe(true);

      await alice.page.reload();
      await until("the board as she left it", () => showsFourThings(alice), SOON_MS);
      await alice.says("Offline — 4 changes waiting");
      expect(await headOf(server.store)).toBe(before);
      // What others do meanwhile is not lost to her.
      await bob.add("Doing", "Meanwhile");
      // And she goes on.
      await alice.choose("Written on the train", "To the top");
      await alice.says("Offline — 5 changes waiting");

      lift();
      await alice.page
        .locator("#status-text")
        .filter({ hasText: "Live" })
        .waitFor({ state: "attached", timeout: BACK_MS });
      await alice.card("Meanwhile").waitFor();
      await until(
        "Bob to see them",
        async () => (await bob.titles("To do"))[0] === "Written on the train",
        SOON_MS,
      );
      for (const name of ["To do", "Doing", "Done"]) {
        await until(
          `one order in ${name}`,
          async () => (await alice.titles(name)).join() === (await bob.titles(name)).join(),
        );
      }
      const all = ["task_created", "task_updated", "task_moved", "task_deleted", "task_moved"];
      expect(await doneBy(server.store, "alice", before)).toEqual(all);
      expect(await alice.page.getByText("Not sent yet").count()).toBe(0);
      // Nothing of it is done again by the next page.
      await alice.page.reload();
      await alice.says("Live");
      expect(await doneBy(server.store, "alice", before)).toEqual(all);
    },
    120_000,
  );

  browserTest(
    "a change whose answer was lost is not made twice, not even after a reload",
    async () => {
      const { server, tap, alice, bob } = await openTwo();
      const before = await headOf(server.store);
      const lift = tap.apply({ target: "everyone", way: "down", fault: { kind: "freeze" } });
      await alice.add("To do", "Into the dark");
      await until("the server to have it", async () => (await headOf(server.store)) > before, SOON_MS);
      const stayCut = cutOff(tap);
      lift();
      await alice.says(/Offline — 1 change waiting/);
      await alice.page.reload();
      await alice.card("Into the dark").waitFor();
      stayCut();
      await alice.page
        .locator("#status-text")
        .filter({ hasText: "Live" })
        .waitFor({ state: "attached", timeout: BACK_MS });
      await bob.card("Into the dark").waitFor();
      expect(await doneBy(server.store, "alice", before)).toEqual(["task_created"]);
      expect(await alice.toast("Not saved").count()).toBe(0);
      expect((await alice.titles("To do")).filter((title) => title === "Into the dark")).toHaveLength(1);
    },
    120_000,
  );

  browserTest("a change that is refused when it is back is taken back, and said", async () => {
    const { server, tap, alice } = await openTwo();
    const lift = cutOff(tap);
    await alice.says("Offline");
    await alice.open("Draw the logo");
    await alice.dialog.getByLabel("Write a comment").fill("With rounder corners");
    await alice.dialog.getByRole("button", { name: "Comment", exact: true }).click();
    await alice.page.keyboard.press("Escape");
    await alice.says("Offline — 1 change waiting");
    await server.store.run("bob", undefined, { type: "delete_task", taskId: "task-3" });
    lift();
    const told = alice.toast("Not saved");
    await told.waitFor({ timeout: BACK_MS });
    expect(await told.textContent()).toContain("Bob deleted it.");
    expect(await told.getByRole("button", { name: "Copy my text" }).count()).toBe(1);
    await alice.card("Draw the logo").waitFor({ state: "detached" });
  });

  browserTest(
    "the boards and the sign-in page open too, and say that the server cannot be reached",
    async () => {
      const { tap, alice } = await openTwo();
      cutOff(tap);
      await alice.page.goto(`${alice.url}/`);
      await alice.page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
    },
  );

  browserTest("a window that keeps nothing says so", async () => {
    const server = await startBoards();
    const tap = await tapTo(server);
    const alice = await visit(server, "alice", {
      url: tap.url,
      prepare: (context) =>
        context.addInitScript(() => Object.defineProperty(window, "indexedDB", { value: undefined })),
    });
    await alice.says("Live");
    const told = alice.toast("changes that are not sent yet are lost when you close it");
    await told.getByRole("button", { name: "Dismiss" }).click();
    // All else works.
    await alice.add("To do", "Private");
    await until("the change", async () => (await server.store.head("board-1")) !== undefined);
    const lift = cutOff(tap);
    await alice.says("Offline");
    await alice.page.getByRole("button", { name: "Connection" }).click();
    await alice.page.getByText("as long as you leave this page open").waitFor();
    await alice.page.keyboard.press("Escape");
    await alice.choose("Private", "Delete");
    await alice.says("Offline — 1 change waiting");
    lift();
    await alice.page
      .locator("#status-text")
      .filter({ hasText: "Live" })
      .waitFor({ state: "attached", timeout: BACK_MS });
  });
});
