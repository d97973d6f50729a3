import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { route, setup } from "@hectoday/http";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { badInput } from "./refusal.ts";
import { listen } from "./serve.ts";
import { numberSetting, parsePort, SettingError } from "./settings.ts";
import { startServer } from "./testing/start-server.ts";
import { until } from "./testing/until.ts";

const PROGRAM = join(import.meta.dirname, "testing/server-with-stream.ts");

function program(env: Record<string, string>): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM], { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      output += data;
    });
  }
  return { child, output: () => output };
}

async function startProgram() {
  const { child, output } = program({ PORT: "0" });
  const url = await until("the program to listen", () => /http:\S+\d/.exec(output())?.[0], 10_000);
  return { child, output, url };
}

describe("listen", () => {
  const app = setup({ routes: [route.get("/", { resolve: () => new Response("hello") })] });

  test("serves on loopback only, with the limits of the course", async () => {
    const { url, node } = await startServer(app);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(url)).text()).toBe("hello");
    expect(node.headersTimeout).toBe(10_000);
    expect(node.requestTimeout).toBe(30_000);
    expect(node.maxConnections).toBe(10_000);
  });

  test("a taken port is one sentence", async () => {
    const { port } = await startServer(app);
    await expect(listen(app, { port })).rejects.toThrow(SettingError);
    await expect(listen(app, { port })).rejects.toThrow(
      `Port ${port} is taken: stop the program that listens there, or set PORT to another number.`,
    );
  });

  test("an app that throws is answered with a 500 that tells nothing, and reported", async () => {
    const server = await startServer({
      fetch: () => {
        throw new Error("the secret reason");
      },
    });
    const reported: unknown[] = [];
    const original = console.error;
    console.error = (...data: unknown[]) => void reported.push(...data);
    onTestFinished(() => {
      console.error = original;
    });
    const response = await fetch(server.url);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(String(reported[0])).toContain("the secret reason");
  });

  test("close lets the app answer whoever waits, and does not wait for idle connections", async () => {
    let release: ((response: Response) => void) | undefined;
    const server = await startServer({
      fetch: () =>
        new Promise<Response>((resolve) => {
          release = resolve;
        }),
      close: () => release?.(new Response("bye")),
    });
    const idle = connect(server.port, "127.0.0.1");
    await once(idle, "connect");
    const waiting = fetch(server.url);
    const connections = () =>
      new Promise<number>((resolve) => server.node.getConnections((_, count) => resolve(count)));
    await until("both connections", async () => (await connections()) === 2);
    await until("the request to arrive", () => release);
    const start = performance.now();
    await server.close();
    expect(performance.now() - start).toBeLessThan(900);
    const answer = await waiting;
    expect(answer.headers.get("connection")).toBe("close");
    expect(await answer.text()).toBe("bye");
  });

  test("close with many answers under way warns of nothing", async () => {
    const releases: (() => void)[] = [];
    const server = await startServer({
      fetch: () => new Promise<Response>((resolve) => releases.push(() => resolve(new Response("bye")))),
      close: () => {
        for (const release of releases) release();
      },
    });
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const hangUp = new AbortController();
    const ask = (signal?: AbortSignal) =>
      fetch(server.url, signal ? { signal } : {}).then(
        (response) => response.text(),
        () => "hung up",
      );
    const answers = [
      ...Array.from({ length: 15 }, () => ask()),
      ...Array.from({ length: 15 }, () => ask(hangUp.signal)),
    ];
    await until("all to arrive", () => releases.length === 30);
    hangUp.abort();
    await server.close();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["bye", "hung up"]));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  test("an upgraded connection is the app's, and is cut when the grace is over", async () => {
    const upgrades: string[] = [];
    const server = await startServer(
      {
        ...app,
        upgrade(request, socket) {
          upgrades.push(request.url ?? "");
          socket.on("error", () => {});
          socket.write(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
          );
        },
      },
      { graceMs: 100 },
    );
    const client = connect(server.port, "127.0.0.1");
    client.on("error", () => {});
    client.write("GET /up HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    await once(client, "data");
    expect(upgrades).toEqual(["/up"]);
    const start = performance.now();
    await server.close(); // nobody ends it: neither the app nor the client
    const took = performance.now() - start;
    expect(took).toBeGreaterThan(50);
    expect(took).toBeLessThan(2_000);
    await until("the client to notice", () => client.destroyed || client.readableEnded);
  });

  test("an upgrade that throws, or whose client resets it, harms nobody else", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => report.mockRestore());
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.prependListener("uncaughtException", note);
    onTestFinished(() => void process.off("uncaughtException", note));
    const upgraded: Duplex[] = [];
    const server = await startServer({
      ...app,
      upgrade(request, socket) {
        if (request.url === "/bug") throw new Error("a bug");
        upgraded.push(socket.resume()); // and nobody listens to its errors
      },
    });
    const ask = (path: string) => {
      const client = connect(server.port, "127.0.0.1");
      client.on("error", () => {});
      client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      return client;
    };
    const thrown = ask("/bug");
    await until(
      "the one that throws to be closed",
      () => thrown.destroyed || thrown.readableEnded || thrown.closed,
    );
    const client = ask("/fine");
    await until("the upgrade", () => upgraded.length === 1);
    client.resetAndDestroy();
    await until("the reset", () => upgraded[0]?.destroyed);
    expect(uncaught).toEqual([]);
    expect(report).toHaveBeenCalledOnce();
    expect(await (await fetch(server.url)).text()).toBe("hello");
  });

  test("close cuts an answer that takes longer than the grace", async () => {
    const server = await startServer({ fetch: () => new Promise<Response>(() => {}) }, { graceMs: 100 });
    const waiting = fetch(server.url).then(
      () => "answered",
      () => "cut",
    );
    await until("the connection", () => new Promise((r) => server.node.getConnections((_, n) => r(n > 0))));
    await server.close();
    expect(await waiting).toBe("cut");
  });

  test("a body that is too large is refused, and the client hears it and can go on", async () => {
    const echo = setup({
      routes: [
        route.post("/", {
          request: { body: z.unknown() },
          resolve: ({ input }) => (input.ok ? new Response("ok") : badInput(input.issues)),
        }),
      ],
    });
    const { url } = await startServer(echo);
    for (let round = 0; round < 3; round += 1) {
      const large = await fetch(url, { method: "POST", body: JSON.stringify("x".repeat(3_000_000)) });
      expect([large.status, large.headers.get("connection")]).toEqual([413, "close"]);
      expect(await large.json()).toMatchObject({ error: { code: "body_too_large" } });
      const small = await fetch(url, { method: "POST", body: "1", signal: AbortSignal.timeout(2_000) });
      expect(small.status).toBe(200);
    }
  });

  test("a client that sends everything before it listens hears that it was too much", async () => {
    const strict = setup({
      routes: [
        route.post("/", {
          request: { body: z.unknown() },
          resolve: ({ input }) => (input.ok ? new Response("ok") : badInput(input.issues)),
        }),
      ],
      maxBodyBytes: 10_000,
    });
    const { port } = await startServer(strict);
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
    for (let sent = 0; sent < 100_000; sent += 10_000) {
      socket.write("x".repeat(10_000));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"body_too_large"/);
  });

  test("a Host that is no host is a 400, not a crash and not a 500", async () => {
    const { port } = await startServer(app);
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    socket.write("GET / HTTP/1.1\r\nHost: localhost:99999\r\nConnection: close\r\n\r\n");
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"bad_host"/);
  });

  test("a stream whose client is gone is cancelled", async () => {
    let cancelled = false;
    const server = await startServer({
      fetch: () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode("x")),
            cancel: () => {
              cancelled = true;
            },
          }),
        ),
    });
    const aborter = new AbortController();
    await fetch(server.url, { signal: aborter.signal });
    aborter.abort();
    await until("the stream to be cancelled", () => cancelled);
  });
});

describe("serve", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends streams, finishes answers, then exits",
    async (signal) => {
      const { child, url } = await startProgram();
      const stream = await fetch(`${url}/stream`);
      const reader = stream.body?.getReader();
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(": hi\n\n");
      const slow = fetch(`${url}/slow`).then((response) => response.text());
      await fetch(`${url}/quick`); // behind the slow one: that request has arrived by now
      const exited = once(child, "exit");
      child.kill(signal);
      expect(await reader?.read()).toEqual({ done: true, value: undefined }); // ended, not cut
      expect(await slow).toBe("slow");
      expect(await exited).toEqual([0, null]);
      await expect(fetch(`${url}/quick`)).rejects.toThrow();
    },
  );

  test("signals that come together are one stop; a later one does not wait any more", async () => {
    const { child, url } = await startProgram();
    const slow = fetch(`${url}/slow`).then((response) => response.text());
    await fetch(`${url}/quick`);
    const exited = once(child, "exit");
    child.kill("SIGINT");
    child.kill("SIGTERM"); // not SIGINT again: the system may deliver two equal ones as one
    expect([await slow, await exited]).toEqual(["slow", [0, null]]);

    const impatient = await startProgram();
    const endless = fetch(`${impatient.url}/endless`).catch(() => "cut");
    await fetch(`${impatient.url}/quick`);
    const cut = once(impatient.child, "exit");
    impatient.child.kill("SIGINT");
    const again = setInterval(() => impatient.child.kill("SIGINT"), 100);
    onTestFinished(() => clearInterval(again));
    expect([await endless, await cut]).toEqual(["cut", [1, null]]);
  });

  test("SIGTERM and the end of the parent together are one stop, and answers are finished", async () => {
    const child = fork(PROGRAM, { env: { ...process.env, PORT: "0" }, execArgv: ["--import", "tsx"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [{ listening }] = (await once(child, "message")) as [{ listening: number }];
    const slow = fetch(`http://127.0.0.1:${listening}/slow`).then((response) => response.text());
    await fetch(`http://127.0.0.1:${listening}/quick`);
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    child.disconnect();
    expect(await slow).toBe("slow");
    expect(await exited).toEqual([0, null]);
  });

  test("a taken port and a PORT that is no port are one sentence each and exit code 78", async () => {
    const { port } = await startServer({ fetch: () => new Response() });
    for (const [PORT, sentence] of [
      [
        String(port),
        `Port ${port} is taken: stop the program that listens there, or set PORT to another number.\n`,
      ],
      ["80000", 'PORT is "80000", which is no port: set it to a number from 0 to 65535.\n'],
    ] as const) {
      const { child, output } = program({ PORT });
      expect(await once(child, "exit")).toEqual([78, null]);
      expect(output()).toBe(sentence);
    }
  });

  test("ports are read strictly", () => {
    expect(parsePort(undefined)).toBe(3000);
    expect(parsePort("")).toBe(3000);
    expect(parsePort("0")).toBe(0);
    expect(parsePort("65535")).toBe(65535);
    for (const text of ["65536", "-1", "3000x", "3e3", " 80"])
      expect(() => parsePort(text)).toThrow(SettingError);
  });
});

test("a setting that is no number is refused with a sentence", () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(numberSetting("SOME_SETTING", 7)).toBe(7);
  for (const [text, value] of [
    ["", 7],
    ["12", 12],
    ["999999999", 999_999_999],
  ] as const) {
    vi.stubEnv("SOME_SETTING", text);
    expect(numberSetting("SOME_SETTING", 7)).toBe(value);
  }
  for (const text of ["0", "-1", "1.5", "abc", "1e9", " 1", "9999999999"]) {
    vi.stubEnv("SOME_SETTING", text);
    expect(() => numberSetting("SOME_SETTING", 7)).toThrow(
      `SOME_SETTING is "${text}", which is no number above 0`,
    );
  }
});

test("streams that were asked for in one breath end when their client hangs up, every one of them", async () => {
  let open = 0;
  const server = await startServer({
    async fetch() {
      open += 1;
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array([1])),
        cancel: () => {
          open -= 1;
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
  const client = connect({ port: server.port, host: "127.0.0.1" });
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20));
  await until("the streams", () => open === 20);
  client.destroy();
  await until("their end", () => open === 0);
});
