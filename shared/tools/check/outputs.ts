import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { SETTING_EXIT_CODE } from "../../settings.ts";
import { programOf } from "../supervise-server.ts";
import { type CodeBlock, codeBlocks } from "./markdown.ts";
import type { Problem } from "./problem.ts";
import type { SourceTree } from "./source-tree.ts";
import { chaptersOf } from "./structure.ts";

/** Where lessons say that the server is: behind the tap, so that what they send shows on the page. */
const WRITTEN_HOST = "localhost:3001";

/** How long one command may take, in milliseconds. */
const TIMEOUT_MS = 90_000;

/**
 * Runs every command in the `console` blocks of the lessons, in order, against the chapter's own server, and
 * compares what it prints with what the lesson says it prints. What differs from run to run (times, random ids,
 * epochs) is masked on both sides. In a `console measured` block all numbers are.
 */
export async function checkOutputs(tree: SourceTree): Promise<Problem[]> {
  const folders = chaptersOf(tree).map((chapter) => `chapters/${chapter}`);
  const isLarge = (folder: string) => tree.has(`${folder}/cluster.ts`);
  const problems = await Promise.all(
    folders.filter((folder) => !isLarge(folder)).map((folder) => checkLesson(tree, folder)),
  );
  // Several programs that measure one another keep the machine busy: one such chapter at a time.
  for (const folder of folders.filter(isLarge)) problems.push(await checkLesson(tree, folder));
  return problems.flat();
}

async function checkLesson(tree: SourceTree, folder: string): Promise<Problem[]> {
  const file = `${folder}/README.md`;
  const blocks = codeBlocks(tree.read(file)).filter(({ language }) => language === "console");
  if (blocks.length === 0) return [];
  const server = await startServer(programOf(join(tree.root, folder)));
  if (!server) {
    if (process.env.REQUIRE_ALL !== "1") return [];
    return [{ file, line: 1, message: "its server does not start, and REQUIRE_ALL=1 says that it has to." }];
  }
  const problems: Problem[] = [];
  try {
    for (const block of blocks) {
      for (const { command, expected, line } of stepsOf(block)) {
        const printed = await run(command, tree.root, server.port);
        const mask = (text: string) => maskVarying(text, block.info.includes("measured"));
        if (mask(printed) === mask(expected)) continue;
        const message = `"${command}" does not print this any more; it prints:\n${indent(printed)}`;
        problems.push({ file, line, message });
      }
    }
  } finally {
    // Not killed: what it has started would have to be killed too.
    if (server.child.connected) {
      server.child.disconnect();
      await once(server.child, "exit");
    }
  }
  return problems;
}

interface Step {
  readonly command: string;
  readonly expected: string;
  readonly line: number;
}

/** A command is a line that begins with `$ `, and goes on in the next line after a `\`. */
function stepsOf({ lines, line }: CodeBlock): Step[] {
  const steps: { command: string; output: string[]; line: number }[] = [];
  let isContinued = false;
  lines.forEach((text, index) => {
    const last = steps.at(-1);
    if (text.startsWith("$ ")) steps.push({ command: text.slice(2), output: [], line: line + index + 1 });
    else if (isContinued && last) last.command += `\n${text}`;
    else last?.output.push(text);
    isContinued = text.endsWith("\\");
  });
  return steps.map(({ output, ...step }) => ({ ...step, expected: output.join("\n").trim() }));
}

/** @returns undefined when it has said what is missing on this machine: its lesson is not checked here */
async function startServer(file: string): Promise<{ child: ChildProcess; port: number } | undefined> {
  const env = { ...process.env, PORT: "0" };
  const child = spawn(process.execPath, ["--import", "tsx", file], {
    env,
    // What it logs is not what the lesson shows.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.on("message", (message: { listening?: number }) => {
      if (message.listening !== undefined) resolve({ child, port: message.listening });
    });
    child.on("exit", (code) => {
      if (code === SETTING_EXIT_CODE) resolve(undefined);
      else reject(new Error(`${file} does not start`));
    });
  });
}

async function run(command: string, folder: string, port: number): Promise<string> {
  const here = `localhost:${port}`;
  const child = spawn("bash", ["-c", command.replaceAll(WRITTEN_HOST, here)], {
    cwd: folder,
    timeout: TIMEOUT_MS,
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      output += data;
    });
  }
  await once(child, "close");
  return output
    .replaceAll(here, WRITTEN_HOST)
    .replaceAll("\r", "")
    .replaceAll(/^npm (warn|notice) .*\n/gm, "")
    .trim();
}

function maskVarying(text: string, maskNumbers: boolean): string {
  const masked = text
    .replaceAll(/[ ]+$/gm, "")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replaceAll(/^(date): .*$/gim, "$1: <date>")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "<epoch>");
  return maskNumbers ? masked.replaceAll(/[\d.,]+/g, "<n>").replaceAll(/[ ]+/g, " ") : masked;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
