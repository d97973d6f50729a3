import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeBlocks } from "../tools/check/markdown.ts";
import type { FaultScript } from "../wire/faults.ts";

/** The fault script that a chapter's lesson shows, and that has a button on the stage. */
export function lessonScript(folder: string): FaultScript {
  const blocks = codeBlocks(readFileSync(join(folder, "README.md"), "utf8"));
  const block = blocks.find(({ language, info }) => language === "json" && info === "faults");
  if (!block) throw new Error(`${folder} has no fault script in its lesson`);
  return JSON.parse(block.lines.join("\n"));
}
