import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import openBrowser from "open";
import { parsePort, SettingError, tapPortFor } from "../settings.ts";
import { onStopSignal } from "../stop-signal.ts";
import { type Chapter, findChapter, listChapters, ROOT } from "./chapters.ts";
import { createParts } from "./parts.ts";
import { type OpenStage, openStage } from "./stage/open-stage.ts";
import { programOf, type Supervisor, superviseServer } from "./supervise-server.ts";
import { print, stop, styled } from "./terminal.ts";

const FLAGS = ["plain", "open"] as const;

type Flag = (typeof FLAGS)[number];

/** What is printed about a chapter that runs. */
interface Addresses {
  /** What the reader opens. */
  readonly page: string;
  /** What the reader may send requests to, and where the server itself is. */
  readonly more: readonly string[];
}

/**
 * `npm run chapter` lists the chapters; `npm run chapter N` starts one on its stage: the lesson, two people, the bytes
 * between them and buttons that break the network. With `--plain` it starts the chapter's server and nothing else; with
 * `--open` it opens the browser too.
 */
export async function main(args: readonly string[]): Promise<void> {
  const chapters = listChapters();
  const words = args.filter((arg) => !arg.startsWith("--"));
  const flags = flagsIn(args);
  const [wanted, ...rest] = words;
  if (wanted === undefined) return print(table(chapters));
  if (rest.length > 0) stop(`One chapter at a time: "${words.join(" ")}" names more than one.`);

  const chapter = findChapter(chapters, wanted);
  if (typeof chapter === "string") stop(chapter);
  try {
    process.exitCode = await run(chapter, chapters, flags);
  } catch (error) {
    if (error instanceof SettingError) stop(error.message);
    throw error;
  }
}

/** npm keeps flags that come before `--` for itself, and hands them on as variables. */
function flagsIn(args: readonly string[]): Set<Flag> {
  const unknown = args.find((arg) => arg.startsWith("--") && !FLAGS.some((flag) => arg === `--${flag}`));
  if (unknown) stop(`There is no option ${unknown}: there are --plain and --open.`);
  return new Set(
    FLAGS.filter((flag) => args.includes(`--${flag}`) || process.env[`npm_config_${flag}`] === "true"),
  );
}

/** @returns the exit code, when all is over */
async function run(chapter: Chapter, chapters: readonly Chapter[], flags: Set<Flag>): Promise<number> {
  const port = parsePort(process.env.PORT);
  // The board outlives a restart of the server, and ends with this command.
  const folder = mkdtempSync(join(tmpdir(), "real-time-apis-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const start = performance.now() - process.uptime() * 1000;

  let supervisor: Supervisor | undefined;
  let isServerUp = false;
  const parts = createParts((asked) => supervisor?.act(asked));
  const stage = flags.has("plain")
    ? undefined
    : await openStage({
        chapter,
        port,
        tapPort: tapPortFor(port),
        restartServer: () => supervisor?.restart("The server has restarted"),
        isServerUp: () => isServerUp,
        parts,
      });

  let greeted = false;
  supervisor = superviseServer({
    file: programOf(chapter.folder),
    // A chapter builds on earlier ones only.
    watch: [
      join(ROOT, "shared"),
      ...chapters.filter(({ number }) => number <= chapter.number).map(({ folder: each }) => each),
    ],
    // Behind the tap any port will do.
    env: { DATABASE_FILE: join(folder, "board.sqlite"), ...process.env, PORT: stage ? "0" : String(port) },
    onListening(serverPort, because) {
      isServerUp = true;
      stage?.tap.setTarget(serverPort);
      stage?.tap.noteServer("the server is listening");
      if (greeted) return print(`${because}; reload the page if you changed client.ts.`);
      greeted = true;
      const addresses = stage ? stageAddresses(stage, serverPort) : plainAddresses(serverPort);
      const took = `${((performance.now() - start) / 1000).toFixed(1)} s`;
      print(greeting(chapter, addresses, took));
      if (flags.has("open")) showInBrowser(addresses.page);
    },
    onExit() {
      isServerUp = false;
      stage?.tap.noteServer("the server has stopped");
    },
    onParts: parts.set,
  });
  const stopListening = onStopSignal(["SIGINT", "SIGTERM"], () => {
    // What is held back in the tap would keep the server waiting.
    stage?.close();
    supervisor?.stop();
  });
  const code = await supervisor.finished;
  await stage?.close();
  stopListening();
  return code;
}

function stageAddresses({ url, tap }: OpenStage, serverPort: number): Addresses {
  return {
    page: url,
    more: [
      `http://localhost:${tap.port}  the chapter's server, behind the tap: requests to it show on the page`,
      `http://localhost:${serverPort}  the server itself`,
    ],
  };
}

function plainAddresses(serverPort: number): Addresses {
  return { page: `http://localhost:${serverPort}`, more: [] };
}

function showInBrowser(url: string): void {
  const explain = (error: Error) =>
    console.error(`No browser could be opened (${error.message}): open ${url}.`);
  openBrowser(url).then((child) => child.once("error", explain), explain);
}

function table(chapters: readonly Chapter[]): string {
  const width = Math.max(...chapters.map((chapter) => chapter.title.length));
  const rows = chapters.map(({ title, header }) => `  ${title.padEnd(width)}   ${header.new}`);
  return `${rows.join("\n")}\n\nStart one with its number or its name: npm run chapter ${chapters.at(-1)?.number}`;
}

function greeting({ title, header, folder }: Chapter, { page, more }: Addresses, took: string): string {
  const lesson = relative(ROOT, join(folder, "README.md"));
  return `
${styled("bold", title)}
${header.new}

  Open  ${styled("cyan", page)}
${more.map((line) => `        ${line}\n`).join("")}  Read  ${lesson}
  Try   ${header.try}
  Stop  Ctrl-C

Listening after ${took}; the server restarts when its code changes.
`;
}
