// What goes out, as bytes: made once, when somebody first needs it, and the same for everybody.

import { encodeEvent } from "../../../chapters/03-sse/event-stream.ts";
import { encodeFrame, OPCODE } from "../../../chapters/04-websockets/frames.ts";
import { formatCursor } from "../../../shared/cursor.ts";
import type { BoardEvent, Cursor } from "../../board/events.ts";
import type { ServerMessage, SignalMessage } from "../../board/messages.ts";

/**
 * How bytes leave: as a WebSocket text frame; as a chunk of an HTTP/1.1 answer; or as the text of a stream, for a server that
 * makes its own chunks of it.
 */
export type Form = "frame" | "chunk" | "text";

/** The same thing in each form. */
export type Encoded = Readonly<Record<Form, Buffer>>;

/** An event of the log. A class, because there are hundreds of each busy board, and getters on a prototype cost nothing. */
export class LoggedEvent implements Encoded {
  readonly seq: number;
  /** The event's JSON: the one time that it is serialised. */
  readonly json: string;
  readonly #type: string;
  readonly #id: string;
  #frame: Buffer | undefined;
  #chunk: Buffer | undefined;

  constructor(event: BoardEvent, epoch: string) {
    this.seq = event.seq;
    this.json = JSON.stringify(event);
    this.#type = event.type;
    this.#id = formatCursor({ epoch, seq: event.seq });
  }

  get frame(): Buffer {
    this.#frame ??= frameOf(`{"type":"event","id":${JSON.stringify(this.#id)},"event":${this.json}}`);
    return this.#frame;
  }

  get chunk(): Buffer {
    this.#chunk ??= chunkOf(this.#text());
    return this.#chunk;
  }

  get text(): Buffer {
    return textIn(this.chunk);
  }

  #text(): Uint8Array {
    return encodeEvent({ id: this.#id, type: this.#type, data: this.json });
  }
}

/** Something that is about now: no id, so that whoever comes back does not ask for what is after it. */
export class Signal implements Encoded {
  readonly #message: SignalMessage;
  #json: string | undefined;
  #frame: Buffer | undefined;
  #chunk: Buffer | undefined;

  constructor(message: SignalMessage) {
    this.#message = message;
  }

  get frame(): Buffer {
    this.#frame ??= frameOf(this.#asJson());
    return this.#frame;
  }

  get chunk(): Buffer {
    this.#chunk ??= chunkOf(encodeEvent({ type: this.#message.type, data: this.#asJson() }));
    return this.#chunk;
  }

  get text(): Buffer {
    return textIn(this.chunk);
  }

  #asJson(): string {
    this.#json ??= JSON.stringify(this.#message);
    return this.#json;
  }
}

/** To a client whose cursor cannot be honoured: it fetches the board again. Its id is the head, so that nobody asks twice. */
export function encodeReset(form: Form, boardId: string, reason: string, head: Cursor): Buffer {
  const { seq } = head;
  if (form === "frame") return messageFrame({ type: "reset", boardId, reason, seq });
  const data = JSON.stringify({ reason, seq });
  return inForm(form, encodeEvent({ id: formatCursor(head), type: "reset", data }));
}

/** Bytes of a stream, as they leave. */
export function inForm(form: Exclude<Form, "frame">, text: Uint8Array): Buffer {
  return form === "chunk" ? chunkOf(text) : Buffer.from(text);
}

/** A message to one socket. */
export function messageFrame(message: ServerMessage): Buffer {
  return frameOf(JSON.stringify(message));
}

function frameOf(text: string): Buffer {
  return encodeFrame({ fin: true, opcode: OPCODE.text, payload: Buffer.from(text) }, "server");
}

/** RFC 9112, section 7.1: the length in hexadecimal digits, the bytes, and CRLF around them. */
function chunkOf(text: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), text, CRLF]);
}

/** What is in a chunk. */
function textIn(chunk: Buffer): Buffer {
  return chunk.subarray(chunk.indexOf(10) + 1, -CRLF.length);
}

const CRLF = Buffer.from("\r\n");
