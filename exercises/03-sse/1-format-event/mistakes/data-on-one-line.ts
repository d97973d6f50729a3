// Only the first line of the data is a data field: of a title with a line break users see the first half, and the rest can forge fields.
// Fails: every line of the data gets a field of its own
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Behind each line end a new field begins. So each line of the data needs its own "data: ".
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  fields.push(`data: ${data}`);
  return `${fields.join("\n")}\n\n`;
}

function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) throw new TypeError("more than a line");
  return text;
}
