// `npm run capstone` as a program: its arguments, its settings, its start and its end.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { SETTINGS } from "./settings.ts";

const ROOT = join(import.meta.dirname, "../..");

/** How long a start may take on a busy machine, in milliseconds. */
const START_MS = 15_000;

function run(args: string[], settings: Record<string, string> = {}) {
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, PORT: "0", ...settings };
  const child = spawn(process.execPath, ["shared/tools/run.js", "capstone", ...args], { cwd: ROOT, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return { child, out: () => out, err: () => err, ended: ended(child) };
}

async function ended(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, "close");
  return code;
}

/** Starts it with a file of its own, and waits until it listens. */
async function started(settings: Record<string, string> = {}, folder = temporaryFolder()) {
  const program = run([], { DATABASE_FILE: join(folder, "data/board.sqlite"), ...settings });
  const port = await until(
    "it listens",
    () =>
      /:(\d+)(?:"|\n)/.exec(program.out())?.[1] ??
      (program.err() ? Promise.reject(program.err()) : undefined),
    START_MS,
  );
  return { ...program, folder, url: `http://127.0.0.1:${port}` };
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/session/demo`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ userId: "alice" }),
  });
  expect(response.status).toBe(200);
  return response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
}

describe("what was typed", () => {
  test("--help lists every setting", async () => {
    const { ended, out, err } = run(["--help"]);
    expect(await ended).toBe(0);
    for (const { name } of SETTINGS) expect(out()).toContain(`\n  ${name} `);
    expect(err()).toBe("");
  });

  test("an argument that it does not know is one sentence", async () => {
    const { ended, out, err } = run(["--port=1"]);
    expect(await ended).toBe(64);
    expect(err()).toBe('npm run capstone takes no "--port=1": -- --help lists its settings.\n');
    expect(out()).toBe("");
  });

  test("a setting that cannot be used is one sentence", async () => {
    const { ended, err } = run([], { HOST: "0.0.0.0", DEMO: "on" });
    expect(await ended).toBe(78);
    expect(err().trim().split("\n")).toEqual([expect.stringMatching(/^DEMO is on, .*\.$/)]);
  });

  test("a port that is taken is one sentence", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { ended, err } = run([], { PORT: String(port), DATABASE_FILE: ":memory:" });
    expect(await ended).toBe(78);
    expect(err()).toBe(
      `Port ${port} is taken: stop the program that listens there, or set PORT to another number.\n`,
    );
  });

  test("a database file whose folder cannot be made is one sentence", async () => {
    const { err, ended } = run([], { DATABASE_FILE: join(ROOT, "package.json/board.sqlite") });
    expect(await ended).toBe(78);
    expect(err()).toMatch(
      /^DATABASE_FILE is in \S+package.json, which cannot be made a folder \(\w+\): choose another file\.\n$/,
    );
  });

  test("a database file of another program is one sentence", async () => {
    const file = join(temporaryFolder(), "text.json");
    writeFileSync(file, "{}".repeat(1_000));
    const { ended, err } = run([], { DATABASE_FILE: file });
    expect(await ended).toBe(78);
    expect(err()).toMatch(/text\.json is not an SQLite database: choose another file\.\n$/);
  });
});

describe("a start", () => {
  test("makes the file and the demo, says where it is, and serves the page", async () => {
    const { out, url, folder, child, ended } = await started();
    expect(existsSync(join(folder, "data/board.sqlite"))).toBe(true);
    expect(out()).toMatch(/^The board is at http:\/\/localhost:\d+\n/);
    expect(out()).toContain("http://127.0.0.1:");
    expect(await (await fetch(url)).text()).toContain("/assets/");
    const cookie = await signIn(url);
    const board = await (await fetch(`${url}/boards/board-1`, { headers: { cookie } })).json();
    expect(board.tasks.length).toBeGreaterThan(3);
    // A person is not drowned in requests.
    expect(
      out()
        .split("\n")
        .filter((line) => line.startsWith("{")),
    ).toEqual([]);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("without the demo there is nothing in it, and the log is in lines", async () => {
    const { out, url, child, ended } = await started({ DEMO: "off" });
    expect((await fetch(`${url}/demo-users`)).status).toBe(404);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    const lines = out()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).msg);
    expect(lines).toEqual(["listening", "request", "stopped"]);
  });
});

describe("an end", () => {
  test("streams end, what was acknowledged is there after the next start, and the exit code is 0", async () => {
    const first = await started();
    const cookie = await signIn(first.url);
    const stream = await fetch(`${first.url}/boards/board-1/events`, { headers: { cookie } });
    const reading = stream.text();
    const made = await fetch(`${first.url}/tasks`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ id: "kept", listId: "list-todo", title: "Kept" }),
    });
    expect(made.status).toBe(201);
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(await reading).toContain("retry:");
    expect(first.err()).toBe("");

    const second = await started({}, first.folder);
    const board = await (await fetch(`${second.url}/boards/board-1`, { headers: { cookie } })).json();
    expect(board.tasks.map(({ id }: { id: string }) => id)).toContain("kept");
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(0);
  });
});

describe("npm run capstone -- password USER", () => {
  test("gives a new password, which works on a server that runs, and ends what is open", async () => {
    // Outside of the demo, whose own password opens nothing.
    const server = await started({ DEMO: "off", LOG_LEVEL: "info" });
    const DATABASE_FILE = join(server.folder, "data/board.sqlite");
    const post = (path: string, body: object) =>
      fetch(server.url + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const signedUp = await post("/users", { userId: "dora", name: "Dora", password: "forgotten since" });
    expect(signedUp.status).toBe(201);
    const cookie = signedUp.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";

    const reset = run(["password", "dora"], { DATABASE_FILE });
    expect([await reset.ended, reset.err()]).toEqual([0, ""]);
    const password = /^The new password of dora is (\S{16}):/.exec(reset.out())?.[1] ?? "";
    expect((await post("/session", { userId: "dora", password: "forgotten since" })).status).toBe(401);
    expect((await post("/session", { userId: "dora", password })).status).toBe(200);
    await until("the old session is over", async () => {
      return (await fetch(`${server.url}/boards`, { headers: { cookie } })).status === 401;
    });

    const nobody = run(["password", "nobody"], { DATABASE_FILE });
    expect([await nobody.ended, nobody.err()]).toEqual([
      78,
      `There is no user "nobody" in ${DATABASE_FILE}.\n`,
    ]);
  }, 60_000);
});
