import { EventEmitter } from "node:events";
import { type FSWatcher, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { until } from "../testing/until.ts";
import { watchCode } from "./supervise-server.ts";

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
