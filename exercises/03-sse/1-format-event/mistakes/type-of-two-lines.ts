// The id is checked, and the type is sent as it is: whoever chooses a type can write events of their own into the stream.
// Fails: an id or a type that could end its line is refused
// Lesson: chapters/03-sse/README.md#build-it
// Hint: What is true of the line of the id is true of the line of the type.
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${type}`);
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}

function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) throw new TypeError("more than a line");
  return text;
}
