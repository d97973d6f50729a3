import { expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import type { Snapshot } from "../board/events.ts";
import { cutOff, startBoards, tapTo, visit } from "../tests/board-page.ts";

/** Attempts that were in vain lie further and further apart. */
const BACK_MS = 25_000;

browserTest(
  "what was changed offline is sent from the overview, which says how much it is until then",
  async () => {
    const server = await startBoards();
    const tap = await tapTo(server);
    const alice = await visit(server, "alice", { url: tap.url });
    const { page } = alice;
    await alice.says("Live");
    const reconnect = cutOff(tap);
    await alice.says("Offline");
    await alice.add("To do", "Made offline");
    await alice.says("Offline — 1 change waiting");

    await page.getByRole("link", { name: "All boards" }).click();
    await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
    const tile = page.getByRole("link", { name: "Website launch" });
    await tile.getByText("1 change waiting").waitFor();
    // What is kept on the device can be opened.
    await tile.click();
    await alice.card("Made offline").waitFor();
    await page.getByRole("link", { name: "All boards" }).click();
    await tile.getByText("1 change waiting").waitFor();

    reconnect();
    const titles = async () => {
      const { tasks } = (await server.store.snapshot("board-1")) as Snapshot;
      return tasks.map(({ title }) => title);
    };
    await until("the change", async () => (await titles()).includes("Made offline"), BACK_MS);
    await tile.getByText("1 change waiting").waitFor({ state: "detached" });
    await page.getByText("The server cannot be reached.").waitFor({ state: "detached" });
    await tile.getByText("13 cards").waitFor();
    await until("the connection to end", () => server.app.live.counts().sockets === 0, BACK_MS);
    expect((await titles()).filter((title) => title === "Made offline")).toHaveLength(1);
  },
  90_000,
);
