import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { utimesSync } from "node:fs";
import { createServer } from "node:net";
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

async function sentenceOf({ output, exited }: Run): Promise<string> {
  const [code] = await exited;
  expect(code).toBe(1);
  return output();
}

const portOf = (output: string) => /http:\/\/localhost:(\d+)/.exec(output)?.[1];
const isServing = (port: string) =>
  fetch(`http://127.0.0.1:${port}/boards/board-1`).then(
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

  test("a chapter serves within 2 s, says where and how, and Ctrl-C leaves nothing behind", async () => {
    const start = performance.now();
    const { child, output, exited } = run(["chapter", "1"], { PORT: "0" });
    const port = await until("the greeting", () => portOf(output()), 10_000);
    const took = performance.now() - start;
    expect(await isServing(port)).toBe(true);
    expect(output()).toContain("01 · Short polling");
    expect(output()).toContain("chapters/01-short-polling/README.md");
    expect(output()).toContain("Ctrl-C");
    expect(output()).toMatch(/Listening after \d\.\d s/);
    // Two seconds on an idle machine; the tests share theirs with each other.
    expect(took).toBeLessThan(6_000);
    child.kill("SIGINT");
    expect(await exited).toEqual([0, null]);
    expect(await isServing(port)).toBe(false);
  });

  test("the server ends with the command, even if the command is killed", async () => {
    const { child, output } = run(["chapter", "0"], { PORT: "0" });
    const port = await until("the greeting", () => portOf(output()), 10_000);
    child.kill("SIGKILL");
    await until("the server to end", async () => !(await isServing(port)));
  });

  test("it restarts when the code changes, and the board survives that", async () => {
    const { output } = run(["chapter", "00"], { PORT: "0" });
    const port = await until("the greeting", () => portOf(output()), 10_000);
    await fetch(`http://127.0.0.1:${port}/tasks/task-1`, { method: "DELETE" });
    const now = new Date();
    utimesSync(join(ROOT, "chapters/00-request-response/app.ts"), now, now); // saved, as it was
    await until("the restart", () => /app\.ts changed: the server has restarted/.test(output()), 10_000);
    const board = await (await fetch(`http://127.0.0.1:${port}/boards/board-1`)).json();
    expect(board.seq).toBe(10);
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
    expect(await sentenceOf(run(["nonsense"]))).toBe('There is no tool "nonsense".\n');
  });

  test("a taken port is one sentence and exit code 1", async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    expect(await sentenceOf(run(["chapter", "1"], { PORT: String(port) }))).toBe(
      `Port ${port} is taken: stop the program that listens there, or set PORT to another number.\n`,
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
