// An id with NUL in it is sent: browsers ignore such an id, keep the one before it, and get the same events again.
// Fails: an id or a type that could end its line is refused
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Line ends are two of the three characters. The standard has one more that an id must not have.
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}

function oneLine(text: string): string {
  if (/[\r\n]/.test(text)) throw new TypeError("more than a line");
  return text;
}
