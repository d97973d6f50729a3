// CR alone does not count as a line end: with one in a title, what stands behind it is read as a field of its own.
// Fails: CR and CRLF end a line as well as LF
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Your split knows two of the three line ends. Which one does the reader know, and you do not?
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  for (const line of data.split(/\r?\n/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}
function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) {
    throw new TypeError(`${JSON.stringify(text)} holds CR, LF or NUL`);
  }
  return text;
}
