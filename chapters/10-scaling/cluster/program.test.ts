import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { basename, dirname } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { findProgram, type Program, startProgram } from "./program.ts";

const PROGRAM_MODULE = JSON.stringify(new URL("program.ts", import.meta.url));

/** Hears from programs. Their connections end when they do, so no list of processes is needed. */
async function openEar() {
  const sockets = new Set<Socket>();
  let ticks = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("data", () => {
      ticks += 1;
    });
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, sockets, ticks: () => ticks };
}

/** A program that says something every 5 ms, and so does another one that it has started. */
function talkers(port: number): string {
  const talk = `require("node:net").connect(${port}, "127.0.0.1", function () {
    setInterval(() => this.write("x"), 5);
  })`;
  return `${talk}; require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(talk)}])`;
}

function start(code: string, options: { stopWithinMs?: number } = {}): Program {
  const program = startProgram({ command: process.execPath, args: ["-e", code], ...options });
  onTestFinished(() => program.kill());
  return program;
}

const ignoresStop = `process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("ready")`;

test("a program's lines and its exit are told", async () => {
  const onLine = vi.fn();
  const onExit = vi.fn();
  const program = startProgram({
    command: process.execPath,
    args: ["-e", `console.log("one two"); console.error(process.argv[1]); process.exitCode = 3`, "a 'b' $c"],
    onLine,
    onExit,
  });
  expect(program.state).toBe("running");
  expect(await program.exited).toEqual({ code: 3, signal: null });
  expect(program.state).toBe("stopped");
  expect([...program.lines].sort()).toEqual(["a 'b' $c", "one two"]);
  expect(onLine).toHaveBeenCalledTimes(2);
  expect(onExit).toHaveBeenCalledExactlyOnceWith({ code: 3, signal: null });
  await program.stop();
  await program.kill();
});

test("a command that is not there is exit code 127", async () => {
  const program = startProgram({ command: "no-such-program" });
  expect(await program.exited).toEqual({ code: 127, signal: null });
  expect(program.lines.join()).toContain("no-such-program");
});

test("a killed program is gone, and so is what it has started", async () => {
  const ear = await openEar();
  const program = start(talkers(ear.port));
  await until("both", () => ear.sockets.size === 2);
  await program.kill();
  expect(await program.exited).toEqual({ code: null, signal: "SIGKILL" });
  await until("both connections to end", () => ear.sockets.size === 0);
});

test("a frozen program stands still, and so does what it has started, until it is thawed", async () => {
  const ear = await openEar();
  const program = start(talkers(ear.port));
  await until("both", () => ear.sockets.size === 2);
  program.freeze();
  expect(program.state).toBe("frozen");
  let before: number;
  do {
    before = ear.ticks();
    await new Promise((resolve) => setTimeout(resolve, 50)); // what was on its way has come
  } while (ear.ticks() !== before);
  expect(ear.sockets.size).toBe(2);
  program.thaw();
  expect(program.state).toBe("running");
  await until("both to go on", () => ear.ticks() > before + 4);
});

test("stopping is in good order, also for a frozen program", async () => {
  const polite = `process.on("SIGTERM", () => { console.log("bye"); process.exit(0) });
    setInterval(() => {}, 1000); console.log("ready")`;
  for (const isFrozen of [false, true]) {
    const program = start(polite);
    await until("its start", () => program.lines.includes("ready"));
    if (isFrozen) program.freeze();
    await program.stop();
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(program.lines).toEqual(["ready", "bye"]);
  }
});

test("a program that does not stop is killed after a bound", async () => {
  const program = start(ignoresStop, { stopWithinMs: 100 });
  await until("its start", () => program.lines.includes("ready"));
  await program.stop();
  expect(await program.exited).toEqual({ code: null, signal: "SIGKILL" });
  expect(program.lines).toEqual(["ready", "no"]);
});

/** A process that starts the talkers, and does something on SIGUSR2. */
function startParent(port: number, then: string, atOnce = ""): Program {
  const code = `
    import { startProgram } from ${PROGRAM_MODULE};
    const args = ["-e", ${JSON.stringify(talkers(port))}];
    const program = startProgram({ command: process.execPath, args });
    process.on("SIGUSR2", () => { ${then}; console.log("done") });
    ${atOnce}
  `;
  const args = ["--import", "tsx", "--input-type=module", "-e", code];
  const parent = startProgram({ command: process.execPath, args });
  onTestFinished(() => parent.kill());
  return parent;
}

test.each([
  ["is killed", ""],
  ["is killed after it froze its program", "program.freeze()"],
  ["ends without stopping it", "process.exit(0)"],
])("no program outlives a parent that %s", async (_, then) => {
  const ear = await openEar();
  const parent = startParent(ear.port, then);
  await until("both", () => ear.sockets.size === 2);
  parent.signal("SIGUSR2");
  await until("what it does", () => parent.lines.includes("done") || parent.state === "stopped");
  // Its program is in another process group: this does not reach it.
  await parent.kill();
  await until("both connections to end", () => ear.sockets.size === 0);
});

test("no program outlives a parent that is killed in the moment of the start", async () => {
  const ear = await openEar();
  const parent = startParent(ear.port, "", 'process.kill(process.pid, "SIGKILL")');
  expect(await parent.exited).toEqual({ code: null, signal: "SIGKILL" });
  await new Promise((resolve) => setTimeout(resolve, 400)); // longer than the program takes to connect
  expect(ear.sockets.size).toBe(0);
});

test("programs are found on the PATH, and where Debian has servers", () => {
  const node = process.execPath;
  vi.stubEnv("PATH", `/nowhere:${dirname(node)}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(findProgram(basename(node))).toBe(node);
  expect(findProgram("no-such-program")).toBeUndefined();
  vi.stubEnv("PATH", "");
  expect(findProgram(basename(node))).toBeUndefined();
});
