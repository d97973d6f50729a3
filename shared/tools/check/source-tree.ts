import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders that hold nothing of ours. */
const SKIPPED = new Set(["node_modules", ".git", "coverage"]);

/** The files of the repository as the checks see them: text by path, relative to the root, with `/`. */
export class SourceTree {
  readonly root: string;
  readonly files: readonly string[];
  readonly #texts = new Map<string, string>();

  constructor(root: string) {
    this.root = root;
    this.files = list(root, "").sort();
  }

  has(file: string): boolean {
    return existsSync(join(this.root, file));
  }

  /** The text of a file, or `""` if there is none. */
  read(file: string): string {
    let text = this.#texts.get(file);
    if (text === undefined) {
      text = this.has(file) ? readFileSync(join(this.root, file), "utf8") : "";
      this.#texts.set(file, text);
    }
    return text;
  }

  lines(file: string): string[] {
    return this.read(file).split("\n");
  }
}

function list(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? list(root, path) : [path];
  });
}
