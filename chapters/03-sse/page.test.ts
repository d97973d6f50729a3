import { describe, expect } from "vitest";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";

describe("the page", () => {
  browserTest("Bob sees Alice's tasks at once, and asks nothing for them", async () => {
    const { alice, bob, lines, recorder, expectNoErrors } = await openStagePage(
      createApp(demoBoard()),
      import.meta.dirname,
    );
    await bob.getByText("live").waitFor();
    const asked = () => recorder.recording().totals.bob?.requests;
    expect(asked()).toBe(2); // for the board, and for the stream
    for (const title of ["One", "Two", "Three"]) {
      await addTask(alice, "alice", title);
      await bob.getByText(title, { exact: true }).waitFor();
    }
    await until("the three lines", async () => (await lines("Bob", "task_created").count()) === 3);
    expect(asked()).toBe(2);
    const streams = recorder
      .recording()
      .messages.filter(({ summary }) => summary.endsWith("← GET /boards/board-1/events"));
    expect(streams.every(({ isComplete }) => !isComplete)).toBe(true); // still going on
    expectNoErrors();
  });

  browserTest(
    "a stream that is cut is opened again by the browser, with the id of its last event",
    async () => {
      const { page, alice, bob, lines, fault, tap } = await openStagePage(
        createApp(demoBoard()),
        import.meta.dirname,
      );
      await bob.getByText("live").waitFor();
      await addTask(alice, "alice", "Before");
      await bob.getByText("Before").waitFor();
      await fault("Cut").click();
      await bob.getByText("not connected, trying again").waitFor();
      await addTask(alice, "alice", "Meanwhile");
      await bob.getByText("Meanwhile").waitFor(); // the browser waits 2 to 5 s
      await bob.getByText("live").waitFor();
      await until("Bob's new connection", () => tap.connections.some(({ person }) => person === "bob"));
      await lines("Bob", "GET /boards/board-1/events").filter({ hasNotText: "←" }).last().click();
      const details = page.getByRole("region", { name: "Details of the message" });
      await details.getByText(/Last-Event-ID: [0-9a-f]{12}:10/).waitFor();
    },
  );

  browserTest("a frozen stream stays live for the page: nobody tells it", async () => {
    const { alice, bob, lines, fault } = await openStagePage(createApp(demoBoard()), import.meta.dirname);
    await bob.getByText("live").waitFor();
    await fault("Freeze").click();
    await addTask(alice, "alice", "Unheard of");
    await lines("Bob", "task_created", "held back").first().waitFor();
    expect(await bob.getByText("Unheard of").count()).toBe(0);
    expect(await bob.getByText("live").count()).toBe(1);
    await fault("Freeze").click();
    await bob.getByText("Unheard of").waitFor();
  });

  browserTest(
    "a server that refuses is asked again, and one with another database gives a fresh board",
    async () => {
      let isRefusing = false;
      const app = createApp(demoBoard());
      const guarded = {
        ...app,
        fetch: (request: Request) =>
          isRefusing && request.url.includes("/events")
            ? new Response(null, { status: 503 })
            : app.fetch(request),
      };
      const first = await startServer(withPage(guarded, import.meta.dirname), { graceMs: 100 });
      isRefusing = true;
      const { page } = await openPage(`${first.url}/board?user=bob`);
      await page.getByText("not connected, trying again").waitFor();
      isRefusing = false;
      await page.getByText("live", { exact: true }).waitFor(); // EventSource alone never comes back after a 503
      await first.close();
      await page.getByText("not connected, trying again").waitFor();
      const { database, boards } = demoBoard();
      boards.createTask("alice", { listId: "list-doing", title: "Only in the new one" });
      await startServer(withPage(createApp({ database }), import.meta.dirname), { port: first.port });
      await page.getByText("Only in the new one").waitFor();
      await page.getByText("live", { exact: true }).waitFor();
    },
  );

  browserTest("six streams to one host over HTTP/1.1 leave no connection for anything else", async () => {
    const app = createApp(demoBoard());
    const server = await startServer(withPage(app, import.meta.dirname), { graceMs: 100 });
    const { page } = await openPage(`${server.url}/board?user=bob`);
    await page.getByText("live", { exact: true }).waitFor();
    await page.evaluate(() => {
      for (let each = 0; each < 5; each += 1) new EventSource("/boards/board-1/events");
    });
    await until("six streams", () => app.streams.size === 6);
    const isAnswered = await page.evaluate(() =>
      Promise.race([
        fetch("/boards/board-2").then(() => true),
        new Promise<boolean>((resolve) => setTimeout(resolve, 700, false)),
      ]),
    );
    expect(isAnswered).toBe(false);
  });
});
