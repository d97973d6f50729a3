// What every npm script starts. Plain JavaScript that needs no package: it has to say what is wrong where Node is
// too old or nothing is installed yet.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Tools of ours, by npm script. @type {Record<string, string>} */
const TOOLS = {
  chapter: "shared/tools/chapter.ts",
  diff: "shared/tools/diff.ts",
  check: "shared/tools/check/check.ts",
  screenshots: "shared/tools/screenshots.ts",
  exercise: "shared/tools/exercise/exercise.ts",
  "exercises:verify": "shared/tools/exercise/verify.ts",
  capstone: "capstone/server/main.ts",
  soak: "capstone/tests/soak/soak.ts",
};

/** Tools of others. @type {Record<string, string[]>} */
const PROGRAMS = {
  test: ["node_modules/vitest/vitest.mjs", "run"],
  format: ["node_modules/@biomejs/biome/bin/biome", "check", "--write", "."],
};

const [name = "", ...args] = process.argv.slice(2);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  stop(
    `This course needs Node 20.19 or newer, and this is Node ${process.versions.node}: install a newer Node.`,
  );
}
for (const needed of ["tsx", "better-sqlite3"]) {
  if (!existsSync(`${root}node_modules/${needed}`)) {
    stop("The packages of this course are not installed: run npm install.");
  }
}

const program = PROGRAMS[name];
const tool = TOOLS[name];
if (program) {
  // All tests: the exercises are proven too. Before the others and not beside them, where they would starve the browsers.
  const isProven = name !== "test" || args.length > 0 || run(["shared/tools/run.js", "exercises:verify"]);
  const hasPassed = run([...program, ...args]);
  process.exit(isProven && hasPassed ? 0 : 1);
} else if (tool) {
  const { register } = await import("tsx/esm/api");
  register();
  const { main } = await import(pathToFileURL(root + tool).href);
  await main(args);
} else {
  stop(`There is no tool "${name}".`);
}

/**
 * @param {string[]} command
 * @returns {boolean} whether it went well
 */
function run(command) {
  return spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" }).status === 0;
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
