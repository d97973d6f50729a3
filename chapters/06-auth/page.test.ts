import { describe, expect } from "vitest";
import { signInWhereAsked } from "../../shared/testing/board-pane.ts";
import { browserTest } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { createApp } from "./app.ts";

async function openChapter() {
  const { database } = demoBoard();
  let skew = 0;
  const app = createApp({ database, now: () => Date.now() + skew });
  const stage = await openStagePage(app, import.meta.dirname);
  for (const pane of [stage.alice, stage.bob]) await pane.getByText("live", { exact: true }).waitFor();
  /** Lets half a day pass. */
  const later = () => {
    skew += 12 * 3_600_000;
  };
  return { app, later, ...stage };
}

describe("the page", () => {
  browserTest("Alice and Bob sign in, and see each other's tasks", async () => {
    const { alice, bob } = await openChapter();
    await addTask(bob, "bob", "From Bob");
    await alice.getByText("From Bob").waitFor();
    await addTask(alice, "alice", "From Alice");
    await bob.getByText("From Alice").waitFor();
    await alice.getByText("Alice · Sign out").waitFor();
    await bob.getByText("Bob · Sign out").waitFor();
  });

  browserTest("Alice removes Bob: his live board ends within a second, and says why", async () => {
    const { alice, bob, app } = await openChapter();
    await bob.getByRole("alert").waitFor({ state: "detached" });
    const start = performance.now();
    await alice.getByRole("button", { name: "Remove Bob" }).click();
    await bob.getByRole("alert").waitFor();
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(await bob.getByRole("alert").textContent()).toBe("You are not a member of this board any more.");
    expect(app.sockets.size).toBe(1);

    // What happens now is not his business, and a second look does not help.
    await addTask(alice, "alice", "Behind his back");
    await bob.getByRole("button", { name: "Load again" }).click();
    await bob.getByText("There is no such board.").waitFor();
    expect(await bob.getByText("Behind his back").count()).toBe(0);

    await alice.getByLabel("Add a member").fill("bob");
    await alice.getByRole("button", { name: "Add member" }).click();
    await alice.getByRole("button", { name: "Remove Bob" }).waitFor();
    await bob.getByRole("button", { name: "Load again" }).click();
    await bob.getByText("Behind his back").waitFor();
  });

  browserTest("Bob signs out: the form is there, his socket is not, and he can come back", async () => {
    const { bob, app } = await openChapter();
    await bob.getByRole("button", { name: "Sign out" }).click();
    await bob.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await expect.poll(() => app.sockets.size).toBe(1);
    await signInWhereAsked(bob);
    await bob.getByText("live", { exact: true }).waitFor();
  });

  browserTest(
    "a session that expires is said, and after a sign-in the board is as it should be",
    async () => {
      const { alice, bob, later } = await openChapter();
      later();
      for (const pane of [alice, bob]) {
        await pane.getByText("You are not signed in any more: sign in again.").waitFor();
      }
      await bob.getByRole("button", { name: "Load again" }).click();
      // Until then, the board that was there before is.
      await bob.getByRole("button", { name: "Sign in", exact: true }).waitFor();
      await signInWhereAsked(bob);
      await bob.getByText("live", { exact: true }).waitFor();
      await addTask(bob, "bob", "Back again");
      await bob.getByText("Back again").waitFor();
    },
  );
});
