import { describe, expect, onTestFinished, test, vi } from "vitest";
import { until } from "../../testing/until.ts";
import { createRecorder } from "../../wire/recorder.ts";
import { openTap } from "../../wire/tap.ts";
import { listChapters } from "../chapters.ts";
import { createParts, type Part } from "../parts.ts";
import { createStage } from "./stage.ts";

const HOST = "course.localhost:3000";

async function openApp() {
  const [chapter] = listChapters();
  if (!chapter) throw new Error("there is no chapter");
  const recorder = createRecorder({ collectMs: 1 });
  const restartServer = vi.fn();
  const tap = await openTap({ target: 0, viewer: recorder, restartServer });
  onTestFinished(() => tap.close());
  const act = vi.fn();
  const parts = createParts(act);
  const app = createStage({ chapter, tap, recorder, isServerUp: () => true, parts });
  onTestFinished(() => void app.close?.());
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.fetch(
      new Request(`http://${HOST}${path}`, {
        method,
        headers: { origin: `http://${HOST}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  return { app, tap, recorder, restartServer, parts, act, ask, get: (path: string) => ask("GET", path) };
}

function eventsOf(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async () => {
    const { value } = await reader.read();
    const [, type, data = ""] = /^event: (\w+)\ndata: (.+)\n\n$/.exec(new TextDecoder().decode(value)) ?? [];
    return { type, data: JSON.parse(data) };
  };
  return { reader, next };
}

const REDIS: Part = { name: "redis", state: "running", detail: "2 clients", actions: ["kill", "freeze"] };

const FREEZE = { target: "bob", fault: { kind: "freeze" } };

describe("the stage's server", () => {
  test("serves the page, its parts and the lesson", async () => {
    const { get } = await openApp();
    for (const [path, type] of [
      ["/", "text/html"],
      ["/page/stage.js", "text/javascript"],
      ["/page/stage.css", "text/css"],
      ["/page/style.css", "text/css"],
      ["/page/mermaid.js", "text/javascript"],
    ] as const) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get("content-type")).toContain(type);
      expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
    }
    const page = await (await get("/")).text();
    expect(page).toContain('<h2 id="what-breaks">What breaks</h2>');
    expect(page).toContain('data-chapter="00-request-response"');
  });

  test("shows the files that a lesson links to, and no others", async () => {
    const { get } = await openApp();
    const source = await get("/source/chapters/00-request-response/app.ts");
    expect(source.headers.get("content-type")).toContain("text/plain");
    expect(await source.text()).toContain("createApp");
    for (const path of [
      "/source/../../../etc/passwd",
      "/source/%2e%2e/%2e%2e/etc/hosts.ts",
      "/source/..%2f..%2fetc%2fpasswd",
      "/source/.git/config",
      "/source/.env.json",
      "/source/node_modules/zod/package.json",
      "/source/chapters",
      "/source/nothing.ts",
      "/source/shared/web/screenshot.png",
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test("applies faults and lifts them", async () => {
    const { ask, tap, restartServer } = await openApp();
    expect((await ask("POST", "/stage/faults", FREEZE)).status).toBe(204);
    expect((await ask("POST", "/stage/faults", FREEZE)).status).toBe(204); // a double click
    expect(tap.rules).toMatchObject([FREEZE]);
    expect((await ask("DELETE", `/stage/faults/${tap.rules[0]?.id}`)).status).toBe(204);
    expect(tap.rules).toEqual([]);
    expect((await ask("DELETE", "/stage/faults/7")).status).toBe(204); // it does not hold, and that was wanted
    await ask("POST", "/stage/faults", { target: "everyone", fault: { kind: "restart" } });
    expect(restartServer).toHaveBeenCalledOnce();
  });

  test("runs a fault script, and another one instead of it", async () => {
    const { ask, tap } = await openApp();
    const script = (kind: string) => ({ steps: [{ at: 0, target: "bob", fault: { kind }, for: 60_000 }] });
    expect((await ask("POST", "/stage/scripts", script("freeze"))).status).toBe(202);
    await until("the first", () => tap.rules[0]?.fault.kind === "freeze");
    expect((await ask("POST", "/stage/scripts", script("refuse"))).status).toBe(202);
    await until("the second", () => tap.rules[0]?.fault.kind === "refuse");
    expect(tap.rules).toHaveLength(1);
  });

  test("refuses what is no fault and no script with a sentence", async () => {
    const { ask, tap } = await openApp();
    for (const body of [
      {},
      { target: "bob", fault: { kind: "nonsense" } },
      { target: "bob", fault: { kind: "latency", ms: -1 } },
      { ...FREEZE, way: "sideways" },
    ]) {
      const response = await ask("POST", "/stage/faults", body);
      expect(response.status).toBe(400);
      expect((await response.json()).error.code).toBe("bad_input");
    }
    for (const steps of [[], [{ at: 0, target: "bob", fault: { kind: "cut" }, for: 1 }]]) {
      expect((await ask("POST", "/stage/scripts", { steps })).status).toBe(400);
    }
    expect(tap.rules).toEqual([]);
  });

  test("a page of somebody else's can neither read nor break anything", async () => {
    const { app, ask, tap } = await openApp();
    expect((await ask("POST", "/stage/faults", FREEZE, { origin: "http://localhost:4000" })).status).toBe(
      403,
    );
    expect((await ask("POST", "/stage/faults", FREEZE, { origin: "null" })).status).toBe(403);
    const withoutOrigin = new Request(`http://${HOST}/stage/clear`, { method: "POST" });
    expect((await app.fetch(withoutOrigin)).status).toBe(403);
    // A name of theirs that resolves to this machine.
    const rebound = await app.fetch(new Request("http://evil.example:3000/stage/stream"));
    expect(rebound.status).toBe(403);
    expect((await rebound.json()).error.message).toBe("Open the stage as http://localhost:3000.");
    expect(tap.rules).toEqual([]);
  });

  test("streams what was recorded, and then what changes", async () => {
    const { get, ask } = await openApp();
    const response = await get("/stage/stream");
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const { next, reader } = eventsOf(response);
    expect(await next()).toMatchObject({
      type: "recording",
      data: { chapter: "00-request-response", messages: [] },
    });
    await ask("POST", "/stage/faults", FREEZE);
    expect(await next()).toMatchObject({
      type: "change",
      data: { messages: [{ kind: "fault", summary: "freeze: bob" }], rules: [FREEZE], isServerUp: true },
    });
    await ask("POST", "/stage/clear");
    expect((await next()).data.clearedUpTo).toBe(1);
    await reader.cancel();
  });

  test("tells what the parts are, and at once when that changes, though nothing passes", async () => {
    const { get, parts } = await openApp();
    parts.set([REDIS]);
    const { next, reader } = eventsOf(await get("/stage/stream"));
    expect(await next()).toMatchObject({ type: "recording", data: { parts: [REDIS] } });
    const changedAt = performance.now();
    parts.set([{ ...REDIS, state: "stopped", actions: [] }]);
    parts.set([{ ...REDIS, state: "stopped", actions: ["start"] }]);
    // The two are told as one.
    expect(await next()).toEqual({
      type: "state",
      data: {
        chapter: "00-request-response",
        isServerUp: true,
        parts: [{ ...REDIS, state: "stopped", actions: ["start"] }],
      },
    });
    expect(performance.now() - changedAt).toBeLessThan(500); // 50 ms on an idle machine
    parts.set([]);
    expect((await next()).data.parts).toEqual([]);
    await reader.cancel();
  });

  test("asks of a part what it offers, and notes that; what it does not offer is refused", async () => {
    const { ask, parts, act, recorder } = await openApp();
    parts.set([REDIS]);
    expect((await ask("POST", "/stage/parts", { part: "redis", action: "kill" })).status).toBe(204);
    expect(act.mock.calls).toEqual([[{ part: "redis", action: "kill" }]]);
    expect(recorder.recording().messages).toMatchObject([{ kind: "server", summary: "redis: kill" }]);

    for (const [body, status, code, message] of [
      [{ part: "nginx", action: "kill" }, 404, "not_found", 'There is no program "nginx" now.'],
      [
        { part: "redis", action: "thaw" },
        409,
        "not_offered",
        'redis is running: "thaw" is not possible now.',
      ],
      [{ part: "redis" }, 400, "bad_input", "The request is not valid: see the issues."],
      [{ part: "redis", action: "kill", hard: true }, 400, "bad_input", expect.any(String)],
      [{ part: "redis", action: "" }, 400, "bad_input", expect.any(String)],
    ] as const) {
      const response = await ask("POST", "/stage/parts", body);
      expect([body, response.status]).toEqual([body, status]);
      expect((await response.json()).error).toMatchObject({ code, message });
    }
    const headers = { origin: "http://localhost:4000" };
    expect((await ask("POST", "/stage/parts", { part: "redis", action: "kill" }, headers)).status).toBe(403);
    expect(act).toHaveBeenCalledOnce();
    expect(recorder.recording().messages).toHaveLength(1);
  });

  test("a page that is gone leaves no subscription behind", async () => {
    const { get, recorder, parts } = await openApp();
    const subscribe = vi.spyOn(recorder, "subscribe");
    const subscribeParts = vi.spyOn(parts, "subscribe");
    const gone = await get("/stage/stream");
    const unsubscribed = vi.fn();
    subscribe.mockImplementation(() => unsubscribed);
    subscribeParts.mockImplementation(() => unsubscribed);
    const other = await get("/stage/stream");
    await gone.body?.cancel();
    await other.body?.cancel();
    expect(unsubscribed).toHaveBeenCalledTimes(2);
  });

  test("has the details of a message while they are kept", async () => {
    const { get, tap } = await openApp();
    await fetch(`http://127.0.0.1:${tap.port}/`).catch(() => {}); // nobody is behind the tap
    expect((await get("/stage/messages/1")).status).toBe(200);
    const response = await get("/stage/messages/99");
    expect(response.status).toBe(404);
    expect((await response.json()).error.message).toBe("This message is not kept any more.");
  });
});
