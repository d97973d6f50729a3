// CRLF counts as two line ends: text that was pasted on Windows gets an empty line behind every line.
// Fails: CR and CRLF end a line as well as LF
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Your split tries its choices from left to right. Which one does it find first in CRLF?
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  for (const line of data.split(/\n|\r/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}
function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) {
    throw new TypeError(`${JSON.stringify(text)} holds CR, LF or NUL`);
  }
  return text;
}
