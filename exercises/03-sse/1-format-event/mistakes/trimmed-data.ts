// The lines of the data are trimmed, and empty ones left out: users lose spaces and paragraphs that they typed.
// Fails: a reader gets back what was sent
// Lesson: chapters/03-sse/README.md#build-it
// Hint: A reader takes away one space behind the colon and nothing else. Whatever you tidy up is gone for good.
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  for (const line of data.split(/[\r\n]+/)) fields.push(`data: ${line.trim()}`);
  return `${fields.join("\n")}\n\n`;
}

function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) throw new TypeError("more than a line");
  return text;
}
