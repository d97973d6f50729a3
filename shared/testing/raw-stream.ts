import { connect, type Socket } from "node:net";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { onTestFinished } from "vitest";
import { createResponseDecoder, type HttpHead } from "../wire/http-decoder.ts";

/** A stream that a test reads from a socket of its own, byte by byte if it likes. */
export interface RawStream {
  readonly socket: Socket;
  readonly events: EventSourceMessage[];
  readonly comments: string[];
  head: HttpHead | undefined;
  /** How many bytes of the answer have come, its head included. */
  bytes: number;
  /** The answer is complete, or the connection is gone. */
  isOver: boolean;
}

/**
 * Asks for a stream of Server-Sent Events.
 * @param maxBytes hangs up when so many bytes of the answer have come; whatever comes with them is not looked at
 */
export function openRawStream(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  maxBytes = Number.POSITIVE_INFINITY,
): RawStream {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  destroyAtEnd(socket);
  const stream: RawStream = { socket, events: [], comments: [], head: undefined, bytes: 0, isOver: false };
  const decoder = createResponseDecoder(() => "GET");
  const text = new TextDecoder();
  const parser = createParser({
    onEvent: (event) => stream.events.push(event),
    onComment: (comment) => stream.comments.push(comment),
  });
  const lines = Object.entries({ Host: "localhost", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  socket.on("data", (bytes) => {
    if (stream.isOver) return;
    const wanted = bytes.subarray(0, maxBytes - stream.bytes);
    stream.bytes += wanted.length;
    for (const item of decoder.push(wanted)) {
      if (item.type === "head") stream.head = item.head;
      if (item.type === "end") stream.isOver = true;
      if (item.type === "data") parser.feed(text.decode(item.bytes, { stream: true }));
    }
    if (stream.bytes < maxBytes) return;
    stream.isOver = true;
    socket.destroy();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    stream.isOver = true;
  });
  return stream;
}

const open = new Set<Socket>();

/** Once for many: a test that opens thousands and looks for leaks would find what it left here itself. */
function destroyAtEnd(socket: Socket): void {
  if (open.size === 0) {
    onTestFinished(() => {
      for (const each of open) each.destroy();
    });
  }
  open.add(socket);
  socket.once("close", () => open.delete(socket));
}
