import { describe, expect, onTestFinished, test } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { lessonScript } from "../../shared/testing/lesson-script.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { openStagePage } from "../../shared/testing/stage.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { runFaultScript } from "../../shared/wire/fault-script.ts";
import { createRecorder } from "../../shared/wire/recorder.ts";
import { openTap } from "../../shared/wire/tap.ts";
import { createApp } from "./app.ts";

describe("the network breaks", () => {
  test("under the lesson's fault script an answer is lost, and no event is", async () => {
    const server = await startServer(createApp(demoBoard()));
    const recorder = createRecorder();
    const tap = await openTap({ target: server.port, viewer: recorder });
    onTestFinished(() => tap.close());

    const received: number[] = [];
    let after = 9;
    const following = (async () => {
      while (received.length === 0) {
        const url = `http://127.0.0.1:${tap.port}/boards/board-1/poll?after=${after}`;
        const answer = await fetch(url, { headers: { "x-user": "bob" } }).catch(() => undefined);
        const { events = [], seq = after } = answer?.status === 200 ? await answer.json() : {};
        received.push(...events.map((event: { seq: number }) => event.seq));
        after = seq;
      }
    })();
    await until("Bob's question", () => tap.connections.some(({ person }) => person === "bob"));
    const script = runFaultScript(tap, lessonScript(import.meta.dirname));
    await until("the freeze", () => tap.rules.length > 0);
    await fetch(`${server.url}/tasks/task-1`, { method: "DELETE" });
    await script;
    await following;
    expect(received).toEqual([10]);
    const fates = recorder.recording().messages.map(({ kind, fate }) => `${kind} ${fate}`);
    expect(fates).toContain("response lost");
    expect(fates.at(-1)).toBe("response passed");
  });

  browserTest("the lesson's button runs the same script on the stage", async () => {
    const { page, alice, bob, lines, tap } = await openStagePage(createApp(demoBoard()), import.meta.dirname);
    await bob.getByText("live").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await until("the freeze", () => tap.rules.length > 0);
    await addTask(alice, "alice", "Order the cake");
    await lines("Bob", "200 OK", "lost").first().waitFor();
    await bob.getByText("Order the cake").waitFor();
    await lines("freeze: bob: lifted").first().waitFor();
  });
});
