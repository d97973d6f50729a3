// What is copied and installed on a server is what the server needs: nothing that runs there is missing.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { describe, expect, test } from "vitest";
import { findProgram } from "../../../chapters/10-scaling/cluster/program.ts";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { SETTINGS } from "../../server/settings.ts";
import { environmentOf, readDockerfile, settingOf } from "./unit-file.ts";

const ROOT = join(import.meta.dirname, "../../..");
const DEPLOY = join(ROOT, "capstone/deploy");
const dockerfile = readDockerfile(readFileSync(join(DEPLOY, "Dockerfile"), "utf8"));
const unit = readFileSync(join(DEPLOY, "board.service"), "utf8");
const ignored = readFileSync(join(DEPLOY, "Dockerfile.dockerignore"), "utf8").trim().split("\n");

/** Every file that a program consists of, and every package that it imports. */
async function partsOf(options: BuildOptions): Promise<{ files: string[]; packages: string[] }> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
    format: "esm",
    logLevel: "silent",
    outdir: "out",
    jsx: "automatic",
    jsxImportSource: "preact",
    ...options,
  });
  const inputs = metafile?.inputs ?? {};
  const imports = Object.values(inputs).flatMap((input) => input.imports);
  const names = imports.filter(({ external }) => external).map(({ path }) => packageOf(path));
  return {
    files: Object.keys(inputs),
    packages: [...new Set(names)].filter((name) => !isBuiltin(name)).sort(),
  };
}

function packageOf(path: string): string {
  const [scope = "", name] = path.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

const server = () =>
  partsOf({ entryPoints: ["shared/tools/run.js", "capstone/server/main.ts"], platform: "node" });
const client = () =>
  partsOf({ entryPoints: ["capstone/client/main.tsx", "capstone/client/service-worker.ts"] });

describe("the files of capstone/deploy", () => {
  test("every file that the server or its page consists of is copied into the image", async () => {
    const copied = dockerfile.copied.flatMap(({ from }) => from);
    for (const { files } of [await server(), await client()]) {
      expect(files.length).toBeGreaterThan(50);
      const missing = files.filter(
        (file) => !copied.some((path) => file === path || file.startsWith(`${path}/`)),
      );
      expect(missing).toEqual([]);
      const left = ignored.filter((path) => !path.startsWith("**"));
      expect(files.filter((file) => left.some((path) => file.startsWith(`${path}/`)))).toEqual([]);
    }
    for (const path of copied) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  });

  test("every package that they import is installed without those for development", async () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const { packages } = await server();
    const needed = [...packages, ...(await client()).packages];
    expect(needed).toContain("better-sqlite3");
    expect(needed).toContain("preact");
    expect(needed.filter((name) => !(name in dependencies))).toEqual([]);
  });

  test("the image and the unit start the same program, with settings that it knows", () => {
    const [, ...started] = dockerfile.command;
    expect(settingOf(unit, "ExecStart")).toBe(["/usr/bin/node", ...started].join(" "));
    const known: string[] = [...SETTINGS.map(({ name }) => name), "NODE_ENV"];
    const used = [...Object.keys(environmentOf(unit)), ...Object.keys(dockerfile.environment)];
    expect(used).toContain("DATABASE_FILE");
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("the program has the time to stop that it takes at most", () => {
    const drainMs = Number(SETTINGS.find(({ name }) => name === "DRAIN_MS")?.fallback);
    expect(Number(settingOf(unit, "TimeoutStopSec")) * 1_000).toBeGreaterThan(drainMs + 2_000);
  });

  const systemd = findProgram("systemd-analyze");
  test.skipIf(!systemd)("systemd understands every line of the unit", () => {
    const file = join(temporaryFolder(), "board.service");
    // The same but for the place of Node, which has to exist.
    writeFileSync(file, unit.replace("ExecStart=/usr/bin/node", `ExecStart=${process.execPath}`));
    const said = execFileSync(systemd ?? "", ["verify", file], { encoding: "utf8", stdio: "pipe" });
    expect(said).toBe("");
  });
});
