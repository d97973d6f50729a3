import { describe, expect } from "vitest";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";

const openStage = () => openStagePage(createApp(demoBoard()), import.meta.dirname);

describe("the page", () => {
  browserTest("the wire shows the handshake, the frames and what is in them", async () => {
    const { page, alice, bob, lines, expectNoErrors } = await openStage();
    await bob.getByText("live", { exact: true }).waitFor();
    const details = page.getByRole("region", { name: "Details of the message" });
    await lines("Bob", "101 Switching Protocols").first().click();
    await details.getByText(/Sec-WebSocket-Accept: /).waitFor();
    await lines("Bob", '{"type":"join"').first().click();
    await details.getByText(/MASK 1, key [0-9a-f]{8}/).waitFor();
    await addTask(alice, "alice", "Order the cake");
    await bob.getByText("Order the cake").waitFor();
    await lines("Bob", '"type":"event"').first().click();
    await details.getByText(/MASK 0/).waitFor();
    await details.getByText(/"title": "Order the cake"/).waitFor();
    expectNoErrors();
  });

  browserTest("a socket that is cut is opened again, and goes on from its cursor", async () => {
    const { alice, bob, lines, fault } = await openStage();
    await bob.getByText("live", { exact: true }).waitFor();
    await fault("Cut").click();
    await bob.getByText("not connected, trying again").waitFor();
    await addTask(alice, "alice", "Meanwhile");
    await bob.getByText("Meanwhile").waitFor();
    await bob.getByText("live", { exact: true }).waitFor();
    await lines("Bob", '{"type":"join"').first().waitFor();
  });

  browserTest("a frozen socket stays live for the page: nobody tells it", async () => {
    const { alice, bob, lines, fault } = await openStage();
    await bob.getByText("live", { exact: true }).waitFor();
    await fault("Freeze").click();
    await addTask(alice, "alice", "Unheard of");
    await lines("Bob", "task_created", "held back").first().waitFor();
    expect(await bob.getByText("live", { exact: true }).count()).toBe(1);
    await fault("Freeze").click();
    await bob.getByText("Unheard of").waitFor();
  });

  browserTest(
    "a dropped frame is a gap: the page notices it with the next one, and fetches the board",
    async () => {
      const { alice, bob, lines, fault } = await openStage();
      await bob.getByText("live", { exact: true }).waitFor();
      await fault("Drop next").click();
      await addTask(alice, "alice", "Swallowed");
      await lines("Bob", "task_created", "dropped").first().waitFor();
      expect(await bob.getByText("Swallowed").count()).toBe(0);
      await addTask(alice, "alice", "Next");
      await bob.getByText("Next").waitFor();
      await bob.getByText("Swallowed").waitFor();
    },
  );

  browserTest("a server that comes back with another database gives a fresh board", async () => {
    const first = await startServer(withPage(createApp(demoBoard()), import.meta.dirname), { graceMs: 100 });
    const { page } = await openPage(`${first.url}/board?user=bob`);
    await page.getByText("live", { exact: true }).waitFor();
    await first.close();
    await page.getByText("not connected, trying again").waitFor();
    const { database, boards } = demoBoard();
    boards.createTask("alice", { listId: "list-doing", title: "Only in the new one" });
    await startServer(withPage(createApp({ database }), import.meta.dirname), { port: first.port });
    await page.getByText("Only in the new one").waitFor();
    await page.getByText("live", { exact: true }).waitFor();
  });
});
