/** One event, before it is written down. */
export interface StreamEvent {
  /** What the browser sends back as `Last-Event-ID`. */
  readonly id?: string;
  /** What `addEventListener` takes. */
  readonly type?: string;
  /** Any text, line ends of all three kinds (CRLF, LF, CR) included. */
  readonly data: string;
}

/**
 * The text of one event in a stream.
 * @throws {TypeError} when the id or the type holds CR, LF or NUL
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function formatEvent({ id, type, data }: StreamEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine(id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine(type)}`);
  // CRLF comes first: tried last, it would count as two line ends.
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  // The first line end closes the last field, the second one is the empty line.
  return `${fields.join("\n")}\n\n`;
}

// Not repaired but refused: an id without its line end is another id, and the client would resume from it.
function oneLine(text: string): string {
  if (/[\r\n]/.test(text) || text.includes("\0")) {
    throw new TypeError(`${JSON.stringify(text)} holds CR, LF or NUL`);
  }
  return text;
}
