import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../chapters.ts";
import { print } from "../terminal.ts";
import { checkLessons } from "./lessons.ts";
import { checkOutputs } from "./outputs.ts";
import { formatProblem, type Problem } from "./problem.ts";
import { SourceTree } from "./source-tree.ts";
import { checkStructure } from "./structure.ts";

/** `npm run check`: format and lint, types, structure, lessons, and the outputs that the lessons show. */
export async function main(): Promise<void> {
  const tree = new SourceTree(ROOT);
  const passed = [
    program("format and lint", "@biomejs/biome/bin/biome", ["ci", "--colors=off", "."]),
    program("types", "typescript/bin/tsc", ["--noEmit"]),
    report("structure", checkStructure(tree)),
    report("lessons", checkLessons(tree)),
    await outputs(tree),
  ];
  if (passed.includes(false)) process.exitCode = 1;
}

async function outputs(tree: SourceTree): Promise<boolean> {
  if (spawnSync("bash", ["-c", "command -v curl"]).status === 0)
    return report("outputs", await checkOutputs(tree));
  print("FAIL  outputs");
  console.error("The commands in the lessons need bash and curl: install them.");
  return false;
}

function program(step: string, path: string, args: string[]): boolean {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules", path), ...args],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  print(`${status === 0 ? "ok  " : "FAIL"}  ${step}`);
  if (status !== 0) console.error(`${stdout}${stderr}`);
  return status === 0;
}

function report(step: string, problems: readonly Problem[]): boolean {
  print(`${problems.length === 0 ? "ok  " : "FAIL"}  ${step}`);
  for (const problem of problems) console.error(formatProblem(problem));
  return problems.length === 0;
}
