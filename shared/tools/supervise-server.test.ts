import { EventEmitter } from "node:events";
import { type FSWatcher, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { until } from "../testing/until.ts";
import type { Part } from "./parts.ts";
import { programOf, superviseServer, watchCode } from "./supervise-server.ts";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, watch: vi.fn(fs.watch) };
});

test("tells of changed server code, once for one save, and not of tests and clients", async () => {
  const folder = temporaryFolder();
  const changes: string[] = [];
  onTestFinished(watchCode(folder, (name) => changes.push(name)));
  for (const name of ["app.test.ts", "client.ts", "README.md"]) writeFileSync(join(folder, name), "x");
  await new Promise((resolve) => setTimeout(resolve, 300)); // longer than changes take to be told
  expect(changes).toEqual([]);
  for (const text of ["a", "b", "c"]) writeFileSync(join(folder, "app.ts"), text);
  await until("the change", () => changes.length > 0);
  expect(changes).toEqual(["app.ts"]);
});

test("a system that is out of watches is one sentence, and no crash, at once or later", () => {
  const report = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => report.mockRestore());
  const full = new Error("ENOSPC: System limit for number of file watchers reached");
  const sentence = `Files are not watched (${full.message}): start again after each change.`;

  vi.mocked(watch).mockImplementationOnce(() => {
    throw full;
  });
  watchCode("anywhere", () => {})();
  const watcher = Object.assign(new EventEmitter(), { close: vi.fn() });
  vi.mocked(watch).mockReturnValueOnce(watcher as unknown as FSWatcher);
  const stop = watchCode("anywhere", () => {});
  watcher.emit("error", full);
  expect(report.mock.calls).toEqual([[sentence], [sentence]]);
  stop();
  expect(watcher.close).toHaveBeenCalledOnce();
});

/** Says what its parts are and that it listens, does what is asked of them, and crashes when that is "crash". */
const PROGRAM = `
  const say = (state) => process.send({ parts: [{ name: "redis", state, actions: ["kill"] }] });
  process.on("message", ({ part, action }) => {
    if (action === "crash") process.exit(7);
    say(part + " was asked to " + action);
  });
  process.on("disconnect", () => process.exit(0));
  say("starting");
  process.send({ listening: 4000 });
  say("running");
`;

function superviseProgram() {
  const file = join(temporaryFolder(), "server.ts");
  writeFileSync(file, PROGRAM);
  const heard: string[] = [];
  const supervisor = superviseServer({
    file,
    watch: [],
    env: process.env,
    onListening: (port) => heard.push(`listening on ${port}`),
    onExit: () => heard.push("exit"),
    onParts: (parts: readonly Part[]) => heard.push(parts.map(({ state }) => state).join() || "no parts"),
  });
  onTestFinished(() => supervisor.stop());
  const hear = (what: string) => until(what, () => heard.includes(what));
  return { supervisor, heard, hear };
}

const STARTS = ["starting", "listening on 4000", "running"];

test("the parts of a server are heard before it listens and after, and are gone with it", async () => {
  const { supervisor, heard, hear } = superviseProgram();
  await hear("running");
  expect(heard).toEqual(STARTS);
  supervisor.act({ part: "redis", action: "kill" });
  await hear("redis was asked to kill");
  heard.length = 0;
  supervisor.restart("The server has restarted");
  supervisor.act({ part: "redis", action: "kill" }); // nobody is there
  await hear("running");
  expect(heard).toEqual(["exit", "no parts", ...STARTS]);
});

test("to ask something of a server that has crashed does nothing", async () => {
  const report = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => report.mockRestore());
  const { supervisor, hear } = superviseProgram();
  await hear("running");
  supervisor.act({ part: "redis", action: "crash" });
  await hear("no parts");
  supervisor.act({ part: "redis", action: "kill" });
  expect(report).toHaveBeenCalledWith(
    "The server has stopped with exit code 7; it starts again when a file changes.",
  );
});

test("a chapter is run by its cluster.ts, if it has one", () => {
  const folder = temporaryFolder();
  expect(programOf(folder)).toBe(join(folder, "server.ts"));
  writeFileSync(join(folder, "cluster.ts"), "");
  expect(programOf(folder)).toBe(join(folder, "cluster.ts"));
});
