// Reads Server-Sent Events from text as it arrives, in pieces of whatever size.

export interface StreamMessage {
  /** @default "message" */
  readonly type: string;
  readonly data: string;
  /** The id of this message; undefined when it has none. */
  readonly id: string | undefined;
}

/**
 * @param onMessage is told each message when it is complete
 * @returns takes the next piece
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createEventStreamParser(onMessage: (message: StreamMessage) => void): (text: string) => void {
  let rest = "";
  let isFirst = true;
  let type = "";
  let id: string | undefined;
  let data: string[] = [];

  function line(text: string): void {
    if (text === "") {
      dispatch();
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return; // a comment
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") type = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  }

  function dispatch(): void {
    const message = { type: type || "message", data: data.join("\n"), id };
    const isEmpty = data.length === 0;
    [type, id, data] = ["", undefined, []];
    if (!isEmpty) onMessage(message);
  }

  return (text) => {
    rest += text;
    if (isFirst && rest.length > 0) {
      isFirst = false;
      if (rest.startsWith("\uFEFF")) rest = rest.slice(1);
    }
    let from = 0;
    for (;;) {
      const end = rest.slice(from).search(/[\r\n]/);
      if (end < 0) break;
      const at = from + end;
      // The CR may be the first half of a CRLF whose second half is still on its way.
      if (rest[at] === "\r" && at === rest.length - 1) break;
      line(rest.slice(from, at));
      from = at + (rest[at] === "\r" && rest[at + 1] === "\n" ? 2 : 1);
    }
    rest = rest.slice(from);
  };
}
