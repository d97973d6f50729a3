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
  // TODO: Refuse an id or a type that could end its line.
  const fields = [`id: ${id}`, `event: ${type}`];
  // TODO: Give every line of the data a field of its own.
  fields.push(`data: ${data}`);
  // TODO: End the event, so that the browser hands it over.
  return `${fields.join("\n")}\n`;
}
