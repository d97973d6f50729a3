// Fields that the event does not have are written all the same: a browser comes back with the Last-Event-ID "undefined".
// Fails: an event without id and type has neither line
// Lesson: chapters/03-sse/README.md#what-goes-over-the-wire
// Hint: A missing id is not the id "undefined". Leave the whole line out.
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields = [`id: ${oneLine(String(id))}`, `event: ${oneLine(String(type))}`];
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}

function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) throw new TypeError("more than a line");
  return text;
}
