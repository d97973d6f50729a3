import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parsePort, SettingError } from "../port.ts";
import { type Chapter, findChapter, listChapters, ROOT } from "./chapters.ts";
import { superviseServer } from "./supervise-server.ts";
import { print, stop, styled } from "./terminal.ts";

/** `npm run chapter` lists the chapters; `npm run chapter N` starts one and restarts it when its code changes. */
export async function main(args: readonly string[]): Promise<void> {
  const chapters = listChapters();
  const [wanted, ...rest] = args;
  if (wanted === undefined) return print(table(chapters));
  if (rest.length > 0) stop(`One chapter at a time: "${args.join(" ")}" names more than one.`);

  const chapter = findChapter(chapters, wanted);
  if (typeof chapter === "string") stop(chapter);
  try {
    parsePort(process.env.PORT);
  } catch (error) {
    if (error instanceof SettingError) stop(error.message);
    throw error;
  }

  // The board outlives a restart of the server, and ends with this command.
  const folder = mkdtempSync(join(tmpdir(), "real-time-apis-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const start = performance.now() - process.uptime() * 1000;
  let greeted = false;
  process.exitCode = await superviseServer({
    file: join(chapter.folder, "server.ts"),
    // A chapter builds on earlier ones only.
    watch: [
      join(ROOT, "shared"),
      ...chapters.filter(({ number }) => number <= chapter.number).map(({ folder }) => folder),
    ],
    env: { DATABASE_FILE: join(folder, "board.sqlite"), ...process.env },
    onListening: (port, because) => {
      const took = `${((performance.now() - start) / 1000).toFixed(1)} s`;
      if (!greeted) print(greeting(chapter, port, took));
      else print(`${because} changed: the server has restarted; reload the page if you changed client.ts.`);
      greeted = true;
    },
  });
}

function table(chapters: readonly Chapter[]): string {
  const width = Math.max(...chapters.map((chapter) => chapter.title.length));
  const rows = chapters.map(({ title, header }) => `  ${title.padEnd(width)}   ${header.new}`);
  return `${rows.join("\n")}\n\nStart one with its number or its name: npm run chapter ${chapters.at(-1)?.number}`;
}

function greeting({ title, header, folder }: Chapter, port: number, took: string): string {
  const lesson = relative(ROOT, join(folder, "README.md"));
  return `
${styled("bold", title)}
${header.new}

  Open  ${styled("cyan", `http://localhost:${port}`)}
  Read  ${lesson}
  Try   ${header.try}
  Stop  Ctrl-C

Listening after ${took}; the server restarts when its code changes.
`;
}
