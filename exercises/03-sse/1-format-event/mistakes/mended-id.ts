// The forbidden characters are taken out instead of being refused: the client resumes from an id that no event has.
// Fails: an id or a type that could end its line is refused
// Lesson: chapters/03-sse/README.md#build-it
// Hint: What is left of the id when a character is taken out, and who knows an event of that name?
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, "").replaceAll("\0", "");
}
