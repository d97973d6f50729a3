import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import { openTab, startBoards, visit } from "./board-page.ts";

const SOON_MS = 20_000;

describe("while somebody looks at the board", () => {
  browserTest("they are removed from it: the page ends at once, and says so", async () => {
    const server = await startBoards();
    const [alice, bob] = await Promise.all([visit(server, "alice"), visit(server, "bob")]);
    await Promise.all([alice.says("Live"), bob.says("Live")]);
    const tab = await openTab(bob);
    await tab.says("Live");
    await bob.list("Doing").getByRole("button", { name: "Add a card to Doing" }).click();
    await bob.page.keyboard.type("Half a tit");
    await alice.page.getByRole("button", { name: "Board menu" }).click();
    await alice.page.locator("[role=menuitem]").getByText("Members and invitations").click();
    await alice.dialog.getByRole("button", { name: "Remove Bob" }).click();
    await alice.dialog.getByText("Invitation links that were made so far stop working.").waitFor();
    await alice.page
      .getByRole("dialog", { name: "Remove Bob?" })
      .getByRole("button", { name: "Remove", exact: true })
      .click();
    for (const page of [bob.page, tab.page]) {
      await page.getByRole("heading", { name: "You are not a member of this board" }).waitFor();
      expect(await page.getByText("Draw the logo").count()).toBe(0);
      // What he was writing is his.
      await page.getByText("Half a tit", { exact: true }).waitFor();
    }
    await alice.page.getByLabel("Bob is here").waitFor({ state: "detached" });
    await until("his connection to end", () => server.app.live.counts().sockets === 1, SOON_MS);
    // Nor from what his browser has kept.
    await bob.page.reload();
    await bob.page.getByRole("heading", { name: "You are not a member of this board" }).waitFor();
    await bob.page.getByRole("link", { name: "To your boards" }).click();
    await bob.page.getByRole("heading", { name: "Your boards" }).waitFor();
    expect(await bob.page.getByText("Website launch").count()).toBe(0);
  });

  browserTest("they sign out in another tab: nothing of it is left in this one either", async () => {
    const server = await startBoards();
    const bob = await visit(server, "bob");
    await bob.says("Live");
    const other = await openTab(bob, "/settings");
    await other.page.getByRole("button", { name: "Account of Bob" }).click();
    await other.page.locator("[role=menuitem]").getByText("Sign out").click();
    for (const { page } of [bob, other]) await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await bob.page.getByText("Draw the logo").count()).toBe(0);
    await until("his connection to end", () => server.app.live.counts().sockets === 0, SOON_MS);
  });

  browserTest("their session is ended: the page says so, and goes on when they are back", async () => {
    const server = await startBoards();
    const bob = await visit(server, "bob");
    await bob.says("Live");
    await endSession(bob);
    await bob.page.getByRole("alert").getByText("You are signed out.").waitFor();
    await bob.says("Signed out");
    await bob.add("To do", "Written after the end");
    await bob.says("Signed out — 1 change waiting");
    expect(server.app.live.counts().sockets).toBe(0);

    await bob.page.getByRole("alert").getByRole("link", { name: "Sign in" }).click();
    await bob.page.getByRole("button", { name: "Bob", exact: true }).click();
    await bob.says("Live");
    await bob.card("Written after the end").waitFor();
    const { tasks } = (await server.store.snapshot("board-1")) as { tasks: readonly { title: string }[] };
    expect(tasks.filter(({ title }) => title === "Written after the end")).toHaveLength(1);
  });

  browserTest("their session expires: the page says so, and what they were writing stays", async () => {
    const server = await startBoards({ sessionLifetimeMs: 12_000 });
    const bob = await visit(server, "bob");
    await bob.says("Live");
    const field = (await bob.open("Draw the logo")).getByLabel("Description");
    await field.fill("Not finished");
    await bob.says("Signed out");
    expect(await field.inputValue()).toBe("Not finished");
    expect(await bob.page.getByText("You are signed out.").count()).toBe(1);
  });

  browserTest(
    "somebody else signs in in the same browser: nothing of the one goes out in the name of the other",
    async () => {
      const server = await startBoards();
      const bob = await visit(server, "bob");
      await bob.says("Live");
      const before = (await server.store.head("board-1"))?.seq;
      await endSession(bob);
      await bob.says("Signed out");
      await bob.add("To do", "Bob's card");
      const other = await openTab(bob, "/sign-in");
      await other.page.getByRole("button", { name: "Alice", exact: true }).click();
      await other.page.getByRole("link", { name: /Website launch/ }).click();
      await other.says("Live");
      expect(await other.card("Bob's card").count()).toBe(0);
      // This tab is hers now, too: it shows what she sees, and nothing of his.
      await bob.page.getByRole("button", { name: "Account of Alice" }).waitFor();
      await bob.says("Live");
      expect(await bob.card("Bob's card").count()).toBe(0);
      expect((await server.store.head("board-1"))?.seq).toBe(before);
    },
  );

  browserTest("the board is deleted: everybody is told", async () => {
    const server = await startBoards();
    const [alice, bob] = await Promise.all([visit(server, "alice"), visit(server, "bob")]);
    await Promise.all([alice.says("Live"), bob.says("Live")]);
    const response = await fetch(`${server.url}/boards/board-1`, {
      method: "DELETE",
      headers: { cookie: alice.cookie },
    });
    expect(response.status).toBe(204);
    for (const { page } of [alice, bob]) {
      await page.getByRole("heading", { name: "This board does not exist" }).waitFor();
    }
  });
});

/** As it happens from another device: this browser is not asked. */
async function endSession({ url, cookie }: { url: string; cookie: string }): Promise<void> {
  const response = await fetch(`${url}/session`, { method: "DELETE", headers: { cookie } });
  expect(response.status).toBe(204);
}
