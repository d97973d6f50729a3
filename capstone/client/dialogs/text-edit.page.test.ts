import { describe, expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import type { Snapshot } from "../../board/events.ts";
import { startBoards, tapTo, visit } from "../../tests/board-page.ts";

const SOON_MS = 20_000;

describe("a text that is saved, and written further before the answer comes", () => {
  async function saveAndGoOn() {
    const server = await startBoards();
    const tap = await tapTo(server);
    const alice = await visit(server, "alice", { url: tap.url });
    await alice.says("Live");
    const lift = tap.apply({ target: "everyone", fault: { kind: "freeze" } });
    const field = (await alice.open("Draw the logo")).getByLabel("Description", { exact: true });
    await field.fill("First");
    await field.press("Control+Enter");
    await field.fill("First and second");
    const description = async () =>
      ((await server.store.snapshot("board-1")) as Snapshot).tasks.find(({ id }) => id === "task-3")
        ?.description;
    const changed = (text: string) => async () => (await description()) === text;
    const bobWrites = (text: string) =>
      server.store.run("bob", undefined, {
        type: "update_task",
        taskId: "task-3",
        change: { description: text },
      });
    return { alice, field, lift, changed, bobWrites };
  }

  browserTest("is no conflict with oneself", async () => {
    const { alice, field, lift, changed } = await saveAndGoOn();
    lift();
    await until("the first", changed("First"), SOON_MS);
    await alice.says("Live");
    // It has arrived here too when undo is offered. What is below the dialog is hidden from roles.
    await alice.page.locator("[aria-label=Undo][aria-disabled=false]").waitFor();
    await field.press("Control+Enter");
    await until("both", changed("First and second"), SOON_MS);
    expect(await alice.dialog.getByRole("alert", { name: "Two versions" }).count()).toBe(0);
  });

  browserTest("is one with what somebody else has written since", async () => {
    const { alice, field, lift, changed, bobWrites } = await saveAndGoOn();
    lift();
    await until("the first", changed("First"), SOON_MS);
    await bobWrites("Bob's words");
    await alice.dialog.getByText("Bob has changed this.").waitFor();
    await field.press("Control+Enter");
    const panel = alice.dialog.getByRole("alert", { name: "Two versions" });
    await panel.getByText("Bob changed the description while you were editing it.").waitFor();
    expect(await panel.getByLabel("Your description").inputValue()).toBe("First and second");
    expect(await changed("Bob's words")()).toBe(true);
  });
});

browserTest(
  "a title that is being changed when its writer is removed from the board can be copied",
  async () => {
    const server = await startBoards();
    const [alice, bob] = await Promise.all([visit(server, "alice"), visit(server, "bob")]);
    await bob.says("Live");
    const field = (await bob.open("Draw the logo")).getByLabel("Title", { exact: true });
    await field.fill("Draw the logo, with a whale");
    const response = await fetch(`${server.url}/boards/board-1/members/bob`, {
      method: "DELETE",
      headers: { cookie: alice.cookie },
    });
    expect(response.ok).toBe(true);
    await bob.page.getByRole("heading", { name: "You are not a member of this board" }).waitFor();
    await bob.page.getByText("Draw the logo, with a whale", { exact: true }).waitFor();
  },
);
