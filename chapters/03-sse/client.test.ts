import { describe, expect, onTestFinished, test } from "vitest";
import { browserNetwork } from "../../shared/testing/browser-network.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { followBoard } from "../../shared/testing/follow-board.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";

describe("the client", () => {
  test("after a refusal it asks again by itself, from the last event that it has", async () => {
    const { database, boards } = demoBoard();
    const app = createApp({ database, streamSettings: { retryMs: 50 } });
    const asked: string[] = [];
    let isRefusing = false;
    const server = await startServer({
      ...app,
      fetch(request) {
        const { pathname, search } = new URL(request.url);
        if (!pathname.endsWith("/events")) return app.fetch(request);
        asked.push(search.replace(/[0-9a-f]{12}/, "EPOCH"));
        return isRefusing ? new Response(null, { status: 503 }) : app.fetch(request);
      },
    });
    browserNetwork(server.url);
    const { received, states } = followBoard(connect, boards);
    await until("the stream", () => states.at(-1) === "live");
    await app.request("/tasks/task-1", { method: "DELETE" });
    await until("the event", () => received.length === 1);

    isRefusing = true;
    app.streams.close(); // the browser comes back, and is refused: for it, that is the end
    await until("the refusal", () => asked.length === 2);
    await app.request("/tasks/task-2", { method: "DELETE" });
    isRefusing = false;
    await until("the next event", () => received.length === 2, 10_000);
    expect(asked).toEqual(["?after=EPOCH:9", "?after=EPOCH:9", "?after=EPOCH:10"]);
    expect(received.map(({ seq }) => seq)).toEqual([10, 11]);
    expect(states.at(-1)).toBe("live");
  });

  test("after it was stopped it asks no more", async () => {
    const { database, boards } = demoBoard();
    const app = createApp({ database });
    const server = await startServer(app);
    browserNetwork(server.url);
    const { states, stop } = followBoard(connect, boards);
    await until("the stream", () => states.at(-1) === "live");
    onTestFinished(stop);
    stop();
    await until("the stream to be gone", () => app.streams.size === 0);
  });
});
