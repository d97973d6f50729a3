import { createParser, type EventSourceMessage } from "eventsource-parser";
import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { formatEvent, type StreamEvent } from "./exercise.ts";

function format(log: Log, event: StreamEvent): string {
  log(`formatEvent(${JSON.stringify(event)})`);
  return formatEvent(event);
}

/** What a browser makes of a text. */
function read(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  parser.feed(text);
  return events;
}

test("an event has its fields, each on a line, and an empty line at its end", ({ log }) => {
  const text = format(log, { id: "e1:7", type: "task_created", data: '{"seq":7}' });
  expect(text, "the text of the event").toBe('id: e1:7\nevent: task_created\ndata: {"seq":7}\n\n');
});

test("an event without id and type has neither line", ({ log }) => {
  expect(format(log, { data: "hello" }), "the text of the event").toBe("data: hello\n\n");
});

test("every line of the data gets a field of its own", ({ log }) => {
  const text = format(log, { id: "7", data: "Buy paint\nid: 9000\n" });
  expect(text, "the text of the event").toBe("id: 7\ndata: Buy paint\ndata: id: 9000\ndata: \n\n");
});

test("CR and CRLF end a line as well as LF", ({ log }) => {
  const text = format(log, { data: "one\r\ntwo\rthree" });
  expect(text, "the text of the event").toBe("data: one\ndata: two\ndata: three\n\n");
});

test("a reader gets back what was sent", ({ log }) => {
  const events = [
    { id: "7", type: "task_created", data: "" },
    { id: "8", type: "task_updated", data: "  two spaces, and two\n\nlines further down" },
  ];
  const text = events.map((event) => format(log, event)).join("");
  const expected = events.map(({ id, type, data }) => ({ id, event: type, data }));
  expect(read(text), "what a browser reads").toEqual(expected);
});

test("an id or a type that could end its line is refused", ({ log }) => {
  const written: string[] = [];
  for (const text of ["7\nevent: reset", "7\rdata: {}", "7\0"]) {
    for (const field of ["id", "type"]) {
      const instead = insteadOfTypeError(() => format(log, { [field]: text, data: "x" }));
      if (instead !== undefined) written.push(`for the ${field} ${JSON.stringify(text)}: ${instead}`);
    }
  }
  expect(written, "what came instead of a TypeError").toEqual([]);
});

/** What came, unless it is a TypeError. */
function insteadOfTypeError(run: () => string): string | undefined {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return error instanceof TypeError ? undefined : `an error that is a ${(error as Error).name}`;
  }
}
