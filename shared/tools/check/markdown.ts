/** A fenced block of a Markdown text. */
export interface CodeBlock {
  /** The first word behind the fence: `ts`, `console`. */
  readonly language: string;
  /** The words behind it. */
  readonly info: string;
  /** `title="…"` in the info, the file that the block is taken from. */
  readonly title: string | undefined;
  readonly lines: readonly string[];
  /** Where the fence opens, counted from 1. */
  readonly line: number;
}

/** All fenced blocks, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    // Indented inside a list.
    const fence = /^( *)(`{3,})(\S*)\s*(.*)$/.exec(lines[index] ?? "");
    if (!fence) continue;
    const [, indentation = "", ticks = "", language = "", info = ""] = fence;
    const start = index;
    do index += 1;
    while (index < lines.length && lines[index]?.trim() !== ticks);
    const title = /title="([^"]+)"/.exec(info)?.[1];
    const inside = lines.slice(start + 1, index).map((line) => line.slice(indentation.length));
    blocks.push({ language, info, title, lines: inside, line: start + 1 });
  }
  return blocks;
}

/** The text without its fenced blocks; line numbers stay as they are. */
export function withoutCode(markdown: string): string {
  const lines = markdown.split("\n");
  for (const { line, lines: inside } of codeBlocks(markdown)) {
    for (let index = line - 1; index <= line + inside.length; index += 1) lines[index] = "";
  }
  return lines.join("\n");
}
