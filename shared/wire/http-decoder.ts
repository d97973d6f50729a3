/**
 * Reads HTTP/1.1 from one direction of a connection. Bytes may come in pieces of any size: TCP keeps their order and
 * nothing else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export interface HttpDecoder {
  /** Takes the next bytes and returns what has become clear by them. It never throws. */
  push(bytes: Buffer): HttpItem[];
  /** The sender has finished (FIN): the last item, if something was still open. */
  end(): HttpItem[];
  /** Everything after the last head is another protocol: the other side has answered 101. */
  upgrade(): HttpItem[];
  /** How many bytes have come that no item covers yet: the beginning of a head, or of a chunk's size. */
  readonly undecided: number;
}

/** `size` is the number of bytes on the wire that the item covers: all items together are the whole stream. */
export type HttpItem =
  | { readonly type: "head"; readonly size: number; readonly head: HttpHead }
  /** A chunk of `length` bytes begins. */
  | { readonly type: "chunk"; readonly size: number; readonly length: number }
  /** A piece of the body. In a chunked body, the bytes between the sizes. */
  | { readonly type: "data"; readonly size: number; readonly bytes: Buffer }
  /** The line end behind a chunk's bytes. */
  | { readonly type: "chunk-end"; readonly size: number }
  /** The message is complete. */
  | { readonly type: "end"; readonly size: number; readonly trailers: readonly Header[] }
  /** Bytes that are not HTTP: another protocol after 101, or what follows a problem. */
  | { readonly type: "raw"; readonly size: number; readonly bytes: Buffer }
  /** This is not HTTP/1.1. Raw items follow, and nothing else. */
  | { readonly type: "problem"; readonly size: 0; readonly message: string };

export type Header = readonly [name: string, value: string];

export interface HttpHead {
  /** `POST /tasks HTTP/1.1` or `HTTP/1.1 201 Created`. */
  readonly startLine: string;
  /** Of a request. */
  readonly method?: string;
  /** Of a request: the path, and the query. */
  readonly target?: string;
  /** Of a response. */
  readonly status?: number;
  readonly headers: readonly Header[];
  /** The bytes of the head as they came. */
  readonly text: string;
}

/** A head longer than this is refused, as Node refuses it. In bytes. */
const MAX_HEAD_BYTES = 16_384;

/** A chunk's size is a few hexadecimal digits, perhaps with extensions behind it. In bytes. */
const MAX_CHUNK_LINE_BYTES = 4_096;

const NOTHING = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;

/** RFC 9110, section 5.6.2: the characters of methods and header names. */
const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
// Bytes beyond ASCII are not allowed in a target, and still sent: by curl, for instance.
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([!-~\\x80-\\xff]+) HTTP/1\\.[01]$`);
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: .*)?$/;
const HEADER_LINE = new RegExp(`^(${TOKEN}):(.*)$`);

export function createRequestDecoder(): HttpDecoder {
  return createDecoder(parseRequestLine, (head) => {
    const framing = framingByHeaders(head);
    // A request without a length has no body: it could not end by closing, for then nobody could be answered.
    if (framing.type === "until-close") {
      return hasHeader(head, "transfer-encoding")
        ? { type: "problem", message: "the last transfer coding of a request must be chunked" }
        : { type: "length", left: 0 };
    }
    return framing;
  });
}

/**
 * @param takeMethod the method of the request that the next final response answers: a response to HEAD has no body
 * although its head may give a length
 */
export function createResponseDecoder(takeMethod: () => string | undefined): HttpDecoder {
  return createDecoder(parseStatusLine, (head) => {
    const { status = 0 } = head;
    if (status === 101) return { type: "raw" };
    // 100 Continue, 103 Early Hints: the answer itself is still to come.
    if (status < 200) return { type: "length", left: 0 };
    const method = takeMethod();
    if (method === "CONNECT" && status < 300) return { type: "raw" };
    if (method === "HEAD" || status === 204 || status === 304) return { type: "length", left: 0 };
    return framingByHeaders(head);
  });
}

/** What the bytes after a head are. */
type Framing =
  | { readonly type: "length"; readonly left: number }
  | { readonly type: "chunked" }
  | { readonly type: "until-close" }
  | { readonly type: "raw" }
  | { readonly type: "problem"; readonly message: string };

/** Where in a message the decoder is. */
type State =
  | { readonly type: "head" }
  | { readonly type: "length"; readonly left: number }
  | { readonly type: "chunk-size" }
  | { readonly type: "chunk-data"; readonly left: number }
  | { readonly type: "chunk-end" }
  | { readonly type: "trailers" }
  | { readonly type: "until-close" }
  | { readonly type: "raw" };

type StartLine = Pick<HttpHead, "method" | "target" | "status">;

function createDecoder(
  parseStartLine: (line: string) => StartLine | undefined,
  framingOf: (head: HttpHead) => Framing,
): HttpDecoder {
  /** What has come and is not decided yet. */
  let rest: Buffer = NOTHING;
  /** How far `rest` was searched for the end of a head, so that no byte is searched twice. */
  let searched = 0;
  let state: State = { type: "head" };

  function push(bytes: Buffer): HttpItem[] {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const items: HttpItem[] = [];
    for (let more = next(); more.length > 0; more = next()) items.push(...more);
    return items;
  }

  /** One step: takes from `rest` what belongs together, and returns nothing if it needs more bytes for that. */
  function next(): HttpItem[] {
    switch (state.type) {
      case "head":
        return nextHead();
      case "length":
        return nextData(state.left, (left) => ({ type: "length", left }));
      case "chunk-size":
        return nextChunkSize();
      case "chunk-data":
        return nextData(state.left, (left) =>
          left > 0 ? { type: "chunk-data", left } : { type: "chunk-end" },
        );
      case "chunk-end":
        return nextChunkEnd();
      case "trailers":
        return nextTrailers();
      case "until-close":
        return rest.length === 0 ? [] : [dataItem(take(rest.length))];
      case "raw":
        return rest.length === 0 ? [] : [rawItem(take(rest.length))];
    }
  }

  function nextHead(): HttpItem[] {
    // RFC 9112, section 2.2: an empty line before a start line is ignored. Old clients sent one after a body.
    let start = 0;
    while (isLineEnd(rest[start])) start += 1;
    const end = endOfHead(rest, Math.max(start, searched));
    searched = end === -1 ? Math.max(0, rest.length - 3) : 0;
    if ((end === -1 ? rest.length : end) > MAX_HEAD_BYTES) return fail("the head is too long");
    if (end === -1) return [];

    const text = rest.toString("latin1", start, end);
    const head = parseHead(text, parseStartLine);
    if (typeof head === "string") return fail(head);
    const framing = framingOf(head);
    if (framing.type === "problem") return fail(framing.message);
    const { length: size } = take(end);
    state = framing.type === "chunked" ? { type: "chunk-size" } : framing;
    const items: HttpItem[] = [{ type: "head", size, head }];
    if (framing.type === "length" && framing.left === 0) items.push(endMessage(0));
    return items;
  }

  function nextData(left: number, after: (left: number) => State): HttpItem[] {
    if (rest.length === 0) return [];
    const bytes = take(Math.min(left, rest.length));
    state = after(left - bytes.length);
    const items: HttpItem[] = [dataItem(bytes)];
    if (state.type === "length" && state.left === 0) items.push(endMessage(0));
    return items;
  }

  /** RFC 9112, section 7.1: a chunk is its size in hexadecimal, a line end, the bytes, a line end. */
  function nextChunkSize(): HttpItem[] {
    const end = rest.indexOf(LF) + 1;
    if ((end || rest.length) > MAX_CHUNK_LINE_BYTES) return fail("the size of a chunk is too long");
    if (end === 0) return [];
    const line = rest.toString("latin1", 0, end);
    const digits = /^([0-9A-Fa-f]{1,13})[ \t]*(?:;.*)?\r?\n$/.exec(line)?.[1];
    if (digits === undefined) return fail(`"${line.trim()}" is no size of a chunk`);
    const length = Number.parseInt(digits, 16);
    // The last chunk is the empty one: only trailers follow.
    if (length === 0) {
      state = { type: "trailers" };
      return nextTrailers();
    }
    state = { type: "chunk-data", left: length };
    return [{ type: "chunk", size: take(end).length, length }];
  }

  function nextChunkEnd(): HttpItem[] {
    const size = rest[0] === CR ? 2 : 1;
    if (rest.length < size) return [];
    if (rest[size - 1] !== LF) return fail("a chunk is longer than its size");
    take(size);
    state = { type: "chunk-size" };
    return [{ type: "chunk-end", size }];
  }

  /** The line of the last chunk is still in `rest`: it and the trailers end together, with an empty line. */
  function nextTrailers(): HttpItem[] {
    const end = endOfHead(rest, 0);
    if ((end === -1 ? rest.length : end) > MAX_HEAD_BYTES) return fail("the trailers are too long");
    if (end === -1) return [];
    const trailers = parseHeaders(linesOf(rest.toString("latin1", 0, end)).slice(1));
    if (typeof trailers === "string") return fail(trailers);
    return [endMessage(take(end).length, trailers)];
  }

  function endMessage(size: number, trailers: readonly Header[] = []): HttpItem {
    state = { type: "head" };
    return { type: "end", size, trailers };
  }

  function fail(message: string): HttpItem[] {
    state = { type: "raw" };
    const problem: HttpItem = { type: "problem", size: 0, message };
    return rest.length === 0 ? [problem] : [problem, rawItem(take(rest.length))];
  }

  function take(count: number): Buffer {
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    searched = 0;
    return taken;
  }

  return {
    push,
    end() {
      if (state.type === "until-close") return [endMessage(0)];
      // An empty line behind the last message is no beginning of another one.
      if (state.type === "raw" || (state.type === "head" && rest.every(isLineEnd))) return [];
      return fail("the sender finished in the middle of a message");
    },
    upgrade() {
      state = { type: "raw" };
      return next();
    },
    get undecided() {
      return rest.length;
    },
  };
}

/** RFC 9112, section 6.3: how long a body is. */
function framingByHeaders(head: HttpHead): Framing {
  const codings = valuesOf(head, "transfer-encoding").map((coding) => coding.toLowerCase());
  // A message with both is measured by its chunks. (A server may refuse it: it smells of request smuggling.)
  if (codings.length > 0) return codings.at(-1) === "chunked" ? { type: "chunked" } : { type: "until-close" };
  const lengths = new Set(valuesOf(head, "content-length"));
  if (!hasHeader(head, "content-length")) return { type: "until-close" };
  const [length = ""] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) {
    return { type: "problem", message: `"${[...lengths].join(", ")}" is no content-length` };
  }
  return { type: "length", left: Number(length) };
}

/** All values of a header, also when it was sent more than once, without the commas between them. */
export function valuesOf({ headers }: HttpHead, name: string): string[] {
  return headers
    .filter(([each]) => each.toLowerCase() === name)
    .flatMap(([, value]) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "");
}

function hasHeader({ headers }: HttpHead, name: string): boolean {
  return headers.some(([each]) => each.toLowerCase() === name);
}

function parseHead(text: string, parseStartLine: (line: string) => StartLine | undefined): HttpHead | string {
  const [startLine = "", ...lines] = linesOf(text);
  const start = parseStartLine(startLine);
  if (!start) return `"${startLine.slice(0, 80)}" does not begin a message of HTTP/1.1`;
  const headers = parseHeaders(lines);
  return typeof headers === "string" ? headers : { startLine, ...start, headers, text };
}

function parseRequestLine(line: string): StartLine | undefined {
  const [, method, target] = REQUEST_LINE.exec(line) ?? [];
  return method === undefined || target === undefined ? undefined : { method, target };
}

function parseStatusLine(line: string): StartLine | undefined {
  const status = STATUS_LINE.exec(line)?.[1];
  return status === undefined ? undefined : { status: Number(status) };
}

function parseHeaders(lines: readonly string[]): Header[] | string {
  const headers: Header[] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers.push([name, trimBlanks(value)]);
    // RFC 9112, section 5.2: a line that begins with a space goes on with the last one. Obsolete, and still seen.
    else if (/^[ \t]/.test(line) && last)
      headers[headers.length - 1] = [last[0], trimBlanks(`${last[1]} ${trimBlanks(line)}`)];
    else return `"${line.slice(0, 80)}" is no header`;
  }
  return headers;
}

/**
 * RFC 9112, section 5: spaces and tabs around a value do not belong to it. Not with a regular expression, which tries
 * all ways to share out the blanks: for a head full of them that takes minutes.
 */
function trimBlanks(text: string): string {
  const isBlank = (at: number) => text[at] === " " || text[at] === "\t";
  let start = 0;
  let end = text.length;
  while (isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return text.slice(start, end);
}

/** The lines of a head, without the empty one that ends it. */
function linesOf(text: string): string[] {
  return text.split(/\r?\n/).slice(0, -2);
}

/** The index behind the first empty line, or -1. A line ends with CRLF, and to be generous with LF alone. */
function endOfHead(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === CR || byte === LF;
}

function dataItem(bytes: Buffer): HttpItem {
  return { type: "data", size: bytes.length, bytes };
}

function rawItem(bytes: Buffer): HttpItem {
  return { type: "raw", size: bytes.length, bytes };
}
