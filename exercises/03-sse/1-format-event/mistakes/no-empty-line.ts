// The empty line is missing: the browser waits for the end of the event and shows nothing.
// Fails: an event has its fields, each on a line, and an empty line at its end
// Lesson: chapters/03-sse/README.md#what-goes-over-the-wire
// Hint: An event counts when its empty line has come. The last field needs a line end, and the empty line one more.
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n`;
}

function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) throw new TypeError("more than a line");
  return text;
}
