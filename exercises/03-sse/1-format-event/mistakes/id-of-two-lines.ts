// An id or a type is sent as it is: with a line end inside it, somebody can write events of their own into the stream.
// Fails: an id or a type that could end its line is refused
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Data may have many lines; an id and a type have one. Throw before anything is written.
import type { StreamEvent } from "../exercise.ts";

export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${id}`);
  if (type !== undefined) fields.push(`event: ${type}`);
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  return `${fields.join("\n")}\n\n`;
}
