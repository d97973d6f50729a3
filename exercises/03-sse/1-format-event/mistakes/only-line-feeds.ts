// Only LF counts as a line end: text that was pasted on Windows, with CR in it, breaks the event apart.
// Fails: CR and CRLF end a line as well as LF
// Lesson: chapters/03-sse/README.md#build-it
// Hint: The standard knows three line ends: CRLF, LF, and CR alone. Split at all of them, the longest first.
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  for (const line of data.split("\n")) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}

function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) throw new TypeError("more than a line");
  return text;
}
