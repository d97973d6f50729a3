import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { until } from "../testing/until.ts";
import { findChapter, listChapters, ROOT } from "./chapters.ts";

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<unknown[]>;
}

/** Runs a tool as its npm script does. */
function run(args: string[], env: Record<string, string> = {}, nodeArgs: string[] = []): Run {
  const child = spawn(process.execPath, [...nodeArgs, "shared/tools/run.js", ...args], {
    cwd: ROOT,
    // The database of a command that is killed goes with the test's folder.
    env: { ...process.env, TMPDIR: temporaryFolder(), ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      output += data;
    });
  }
  return { child, output: () => output, exited: once(child, "close") };
}

function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 }, () => {
      socket.destroy();
      resolve(true);
    });
    for (const event of ["error", "timeout"]) socket.once(event, () => resolve(false));
  });
}

/** A port that is free, and the next one too. */
async function freePortPair(): Promise<number> {
  for (;;) {
    const first = createServer();
    const second = createServer();
    await new Promise<void>((resolve) => first.listen(0, "127.0.0.1", resolve));
    const { port } = first.address() as AddressInfo;
    const isFree = await new Promise<boolean>((resolve) => {
      second.once("error", () => resolve(false));
      second.listen(port + 1, "127.0.0.1", () => resolve(true));
    });
    first.close();
    second.close();
    if (isFree) return port;
  }
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") || undefined : undefined;
}

async function sentenceOf({ output, exited }: Run): Promise<string> {
  const [code] = await exited;
  expect(code).toBe(1);
  return output();
}

/** The ports in the greeting: the stage's, the tap's and the server's, or with --plain the server's alone. */
async function portsOf({ output }: Run): Promise<string[]> {
  await until("the greeting", () => /Listening after/.test(output()), 10_000);
  return [...output().matchAll(/http:\/\/localhost:(\d+)/g)].map(([, port = ""]) => port);
}

const isServing = (port: string | undefined, path = "/boards/board-1") =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    (response) => response.ok,
    () => false,
  );

describe("npm run chapter", () => {
  test("without a number it lists every chapter with one line", async () => {
    const { output, exited } = run(["chapter"]);
    expect(await exited).toEqual([0, null]);
    for (const { title, header } of listChapters()) {
      expect(output()).toMatch(new RegExp(`^ {2}${title} +${header.new.replaceAll(/[.?]/g, "\\$&")}$`, "m"));
    }
  });

  test("a chapter is on its stage within 2 s, says where and how, and Ctrl-C leaves nothing behind", async () => {
    const start = performance.now();
    const started = run(["chapter", "1"], { PORT: "0" });
    const { child, output, exited } = started;
    const [stage, tap, server] = await portsOf(started);
    const took = performance.now() - start;
    expect(await isServing(stage, "/")).toBe(true);
    expect(await isServing(tap)).toBe(true);
    expect(await isServing(server)).toBe(true);
    expect(await isServing(stage)).toBe(false); // the stage is no server of the chapter's
    expect(output()).toContain("01 · Short polling");
    expect(output()).toContain("chapters/01-short-polling/README.md");
    expect(output()).toContain("Ctrl-C");
    expect(output()).toMatch(/Listening after \d\.\d s/);
    // Two seconds on an idle machine; the tests share theirs with each other.
    expect(took).toBeLessThan(6_000);

    // A page that is open, a stream that never ends and a connection that is frozen keep nobody.
    await fetch(`http://127.0.0.1:${stage}/stage/stream`);
    await fetch(`http://127.0.0.1:${stage}/stage/faults`, {
      method: "POST",
      headers: { origin: `http://127.0.0.1:${stage}`, "content-type": "application/json" },
      body: JSON.stringify({ target: "everyone", fault: { kind: "freeze" } }),
    });
    const frozen = fetch(`http://127.0.0.1:${tap}/boards/board-1`).catch(() => "gone");
    child.kill("SIGINT");
    expect(await exited).toEqual([0, null]);
    expect(await frozen).toBe("gone");
    for (const port of [stage, tap, server]) expect(await isServing(port, "/")).toBe(false);
  });

  test("nothing listens on any address but this machine's own", async () => {
    const started = run(["chapter", "1"], { PORT: "0" });
    const ports = await portsOf(started);
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal }) => !internal);
    for (const { address, family, scopeid } of outside) {
      const host = family === "IPv6" && scopeid ? `${address}%${scopeid}` : address;
      for (const port of ports) expect([host, await isListening(host, Number(port))]).toEqual([host, false]);
    }
    // Linux says of every socket where it listens.
    if (process.platform !== "linux") return;
    const table = readFileSync("/proc/net/tcp", "utf8") + readFileSync("/proc/net/tcp6", "utf8");
    for (const port of ports) {
      const hex = Number(port).toString(16).toUpperCase().padStart(4, "0");
      const listening = [...table.matchAll(new RegExp(`: ([0-9A-F]+):${hex} [0-9A-F:]+ 0A `, "g"))];
      expect([port, listening.map(([, address]) => address)]).toEqual([port, ["0100007F"]]); // 127.0.0.1
    }
  });

  test("the ports are PORT, the next one, and a free one", async () => {
    const port = await freePortPair();
    const started = run(["chapter", "0"], { PORT: String(port) });
    const [stage, tap, server] = await portsOf(started);
    expect([stage, tap]).toEqual([String(port), String(port + 1)]);
    expect([String(port), String(port + 1)]).not.toContain(server);
  });

  test.each([
    { args: ["--plain"], env: {} },
    { args: [], env: { npm_config_plain: "true" } }, // npm keeps what stands before its --
  ])("with --plain it is the chapter's server alone: $args", async ({ args, env }) => {
    const started = run(["chapter", "2", ...args], { PORT: "0", ...env });
    const ports = await portsOf(started);
    expect(ports).toHaveLength(1);
    expect(await isServing(ports[0])).toBe(true);
    expect(await isServing(ports[0], "/stage/stream")).toBe(false);
  });

  // The package that opens browsers lets BROWSER choose the program on Linux alone.
  test.runIf(process.platform === "linux")("with --open it opens the browser on the page", async () => {
    const folder = temporaryFolder();
    const program = join(folder, "browser");
    writeFileSync(program, `#!/bin/sh\necho "$1" > ${folder}/opened\n`, { mode: 0o755 });
    const started = run(["chapter", "0", "--open"], { PORT: "0", BROWSER: program, DISPLAY: ":0" });
    const [stage] = await portsOf(started);
    const opened = await until("the browser", () => readIfThere(join(folder, "opened")));
    expect(opened.trim()).toBe(`http://localhost:${stage}`);
  });

  test("everything ends with the command, even if the command is killed", async () => {
    const started = run(["chapter", "0"], { PORT: "0" });
    const ports = await portsOf(started);
    started.child.kill("SIGKILL");
    for (const port of ports) await until("the server to end", async () => !(await isServing(port, "/")));
  });

  test("it restarts when the code changes, and the board survives that", async () => {
    const started = run(["chapter", "00"], { PORT: "0" });
    const [, tap] = await portsOf(started);
    await fetch(`http://127.0.0.1:${tap}/tasks/task-1`, { method: "DELETE" });
    const now = new Date();
    utimesSync(join(ROOT, "chapters/00-request-response/app.ts"), now, now); // saved, as it was
    await until(
      "the restart",
      () => /app\.ts changed: the server has restarted/.test(started.output()),
      10_000,
    );
    const board = await (await fetch(`http://127.0.0.1:${tap}/boards/board-1`)).json();
    expect(board.seq).toBe(10);
  });

  test("the button on the page restarts it too", async () => {
    const started = run(["chapter", "00"], { PORT: "0" });
    const [stage, tap] = await portsOf(started);
    await fetch(`http://127.0.0.1:${stage}/stage/faults`, {
      method: "POST",
      headers: { origin: `http://127.0.0.1:${stage}`, "content-type": "application/json" },
      body: JSON.stringify({ target: "everyone", fault: { kind: "restart" } }),
    });
    await until("the restart", () => /The server has restarted/.test(started.output()), 10_000);
    expect(await isServing(tap)).toBe(true);
  });

  test("what cannot be done is one sentence and exit code 1", async () => {
    expect(await sentenceOf(run(["chapter", "99"]))).toBe(
      `There is no chapter 99: they go from 0 to ${listChapters().length - 1}, and npm run chapter lists them.\n`,
    );
    expect(await sentenceOf(run(["chapter", "nonsense"]))).toMatch(
      /^There is no chapter "nonsense": .+\.\n$/,
    );
    expect(await sentenceOf(run(["chapter", "polling"]))).toBe(
      '"polling" could be 01-short-polling or 02-long-polling: give its number.\n',
    );
    expect(await sentenceOf(run(["chapter", "1", "2"]))).toMatch(/^One chapter at a time: .+\.\n$/);
    expect(await sentenceOf(run(["chapter", "1"], { PORT: "80000" }))).toBe(
      'PORT is "80000", which is no port: set it to a number from 0 to 65535.\n',
    );
    expect(await sentenceOf(run(["chapter", "1"], { PORT: "65535" }))).toBe(
      "PORT is 65535, and the tap needs the port after it: set it to 65534 or less.\n",
    );
    expect(await sentenceOf(run(["chapter", "1", "--plane"]))).toBe(
      "There is no option --plane: there are --plain and --open.\n",
    );
    expect(await sentenceOf(run(["nonsense"]))).toBe('There is no tool "nonsense".\n');
  });

  test("a taken port is one sentence and exit code 1", async () => {
    const port = await freePortPair();
    const other = createServer();
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => other.listen(port + 1, "127.0.0.1", resolve));
    const advice = "stop the program that listens there, or set PORT to another number.\n";
    expect(await sentenceOf(run(["chapter", "1"], { PORT: String(port + 1) }))).toBe(
      `Port ${port + 1} is taken: ${advice}`,
    );
    expect(await sentenceOf(run(["chapter", "1"], { PORT: String(port) }))).toBe(
      `Port ${port + 1}, which the tap needs, is taken: ${advice}`,
    );
    expect(await sentenceOf(run(["chapter", "1", "--plain"], { PORT: String(port + 1) }))).toBe(
      `Port ${port + 1} is taken: ${advice}`,
    );
  });

  test("a Node that is too old is one sentence and exit code 1", async () => {
    const pretend = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"18.20.8"}})';
    expect(await sentenceOf(run(["chapter", "1"], {}, ["--import", pretend]))).toBe(
      "This course needs Node 20.19 or newer, and this is Node 18.20.8: install a newer Node.\n",
    );
  });
});

describe("findChapter", () => {
  test.each(["1", "01", "short-polling", "01-short-polling", "SHORT"])("%s is chapter 01", (text) => {
    expect(findChapter(listChapters(), text)).toMatchObject({ name: "01-short-polling" });
  });
});

describe("npm run diff", () => {
  test("shows the patch of the copied files and names the new ones", async () => {
    const { output, exited } = run(["diff", "2"]);
    expect(await exited).toEqual([0, null]);
    expect(output()).toContain("+      ...taskRoutes(boards, (event) => waiters.wake(event.boardId)),");
    expect(output()).toContain("chapters/02-long-polling/server.ts  (as before)");
    expect(output()).toMatch(/02-long-polling\/waiters\.ts\n +Who is waiting for news of which board/);
    expect(output()).not.toContain("\u001b["); // no colours in a pipe
  });

  test("what cannot be compared is one sentence and exit code 1", async () => {
    expect(await sentenceOf(run(["diff"]))).toBe(
      "Which chapter? npm run diff 2 shows what chapter 02 changed.\n",
    );
    expect(await sentenceOf(run(["diff", "0"]))).toBe(
      "Chapter 00 is the first: there is nothing to compare it with.\n",
    );
    expect(await sentenceOf(run(["diff", "1", "2"]))).toMatch(/^One chapter at a time: .+\.\n$/);
    expect(await sentenceOf(run(["diff", "99"]))).toMatch(/^There is no chapter 99/);
  });
});
