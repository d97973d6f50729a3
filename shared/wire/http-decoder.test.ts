import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createRequestDecoder,
  createResponseDecoder,
  type HttpDecoder,
  type HttpItem,
} from "./http-decoder.ts";
import { createRandom } from "./random.ts";

const GET = "GET / HTTP/1.1\r\n";
const CHUNKED = `${GET}Transfer-Encoding: chunked\r\n\r\n`;
const OK = "HTTP/1.1 200 OK\r\n";
const THREE = "Content-Length: 3\r\n\r\n";

describe("a request", () => {
  test.each([
    ["without a length has no body", `${GET}Host: x\r\n\r\n`, "GET / | end"],
    ["with a length has so many bytes", `${GET}${THREE}one`, "GET / | data one | end"],
    ["may say its length twice", `${GET}Content-Length: 3, 3\r\n\r\none`, "GET / | data one | end"],
    ["in chunks ends with an empty one", `${CHUNKED}1\r\na\r\n0\r\n\r\n`, "GET / | chunk 1 | data a | end"],
    [
      "tells the size of a chunk in hexadecimal",
      `${CHUNKED}00B;a="b;c" ; d\r\neleven byte\r\n0;e\r\n\r\n`,
      "GET / | chunk 11 | data eleven byte | end",
    ],
    ["may have trailers behind its chunks", `${CHUNKED}0\r\nA: b\r\nC: d\r\n\r\n`, "GET / | end A: b, C: d"],
    [
      "is measured by its chunks in spite of a length",
      "PUT /2 HTTP/1.1\r\nContent-Length: 9\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
      "PUT /2 | chunk 1 | data a | end",
    ],
    ["may follow at once", `${GET}${THREE}one${GET}\r\n`, "GET / | data one | end | GET / | end"],
    ["may come after empty lines", `\r\n\n\r\n${GET}\r\n`, "GET / | end"],
    ["may be followed by an empty line and nothing else", `${GET}\r\n\r\n`, "GET / | end"],
    [
      "may end its lines with LF alone",
      "GET / HTTP/1.0\nTransfer-Encoding: chunked\n\n1\na\n0\nA: b\n\n",
      "GET / | chunk 1 | data a | end A: b",
    ],
    ["may have any bytes in its target, as curl sends them", "GET /\xa0 HTTP/1.1\r\n\r\n", "GET /\xa0 | end"],
  ])("%s", (_, wire, outline) => {
    expect(outlineOf(decode(createRequestDecoder(), [latin1(wire)]))).toBe(outline);
  });

  test("tells its first line, its headers and its text", () => {
    const text = `${GET}Host: x\r\n\r\n`;
    const start = { startLine: "GET / HTTP/1.1", method: "GET", target: "/" };
    const head = { ...start, headers: [["Host", "x"]], text };
    const items = createRequestDecoder().push(latin1(`\r\n${text}`));
    expect(items[0]).toEqual({ type: "head", size: 2 + text.length, head });
  });

  test.each([
    ["loses the spaces and tabs around it, and nothing else", "A: \t b  c\xa0 ", "b  c\xa0"],
    ["may be folded into several lines", "A: b \r\n\t c\r\n \r\n \xa0d", "b c \xa0d"],
    ["may begin in its second line", "A:\r\n b", "b"],
  ])("the value of a header %s", (_, lines, value) => {
    const [head] = createRequestDecoder().push(latin1(`${GET}${lines}\r\n\r\n`));
    expect(head).toMatchObject({ head: { headers: [["A", value]] } });
  });

  test("before an upgrade leaves everything behind it raw, also what has come too early", () => {
    const decoder = createRequestDecoder();
    expect(outlineOf(decoder.push(latin1(`${GET}Upgrade: x\r\n\r\nearly`)))).toBe("GET / | end");
    expect(decoder.undecided).toBe(5);
    expect(outlineOf([...decoder.upgrade(), ...decoder.push(latin1(GET))])).toBe(`raw early${GET}`);
  });
});

describe("a response", () => {
  const line = (status: number) => `HTTP/1.1 ${status} x\r\n`;
  test.each([
    ["without a length ends with the connection", "HTTP/1.0 200\r\n\r\na", "200 | data a | end"],
    ["in codings other than chunks does too", `${OK}Transfer-Encoding: br\r\n\r\na`, "200 | data a | end"],
    ["204 has no body", `${line(204)}\r\n${line(200)}\r\na`, "204 | end | 200 | data a | end"],
    ["304 has none", `${line(304)}${THREE}${line(200)}\r\na`, "304 | end | 200 | data a | end"],
    ["to HEAD has none", `${OK}${THREE}${OK}\r\na`, "200 | end | 200 | data a | end", "HEAD GET"],
    ["1xx is not the final one", `${line(103)}\r\n${OK}${THREE}`, "103 | end | 200 | end", "HEAD"],
    ["101 is the end of HTTP", `${line(101)}\r\n\x81\x02hi`, "101 | raw \x81\x02hi"],
    ["to CONNECT is the end of HTTP", `${OK}${THREE}hi`, "200 | raw hi", "CONNECT"],
    ["to CONNECT that refuses is not", `${line(407)}\r\nhi`, "407 | data hi | end", "CONNECT"],
  ])("%s", (_, wire, outline, methods = "GET GET") => {
    expect(outlineOf(decode(responseDecoder(methods.split(" ")), [latin1(wire)]))).toBe(outline);
  });
});

describe("bytes that are not HTTP", () => {
  const half = "the sender finished in the middle of a message";
  const long = "x".repeat(16_384);
  test.each([
    ["another version", "PRI * HTTP/2.0\r\n\r\n", '"PRI * HTTP/2.0" does not begin a message of HTTP/1.1'],
    ["a header without a colon", `${GET}Host\r\n\r\n`, '"Host" is no header'],
    ["a space before the colon", `${GET}Host : x\r\n\r\n`, '"Host : x" is no header'],
    ["a folded line without a header", `${GET} x\r\n\r\n`, '" x" is no header'],
    ["CR without LF", `${GET}A: b\rc\r\n\r\n`, '"A: b\rc" is no header'],
    ["two lengths", `${GET}Content-Length: 1\r\ncontent-length: 2\r\n\r\n`, '"1, 2" is no content-length'],
    ["a length below zero", `${GET}Content-Length: -1\r\n\r\n`, '"-1" is no content-length'],
    ["an empty length", `${GET}Content-Length:\r\n\r\n`, '"" is no content-length'],
    [
      "no chunks",
      `${GET}Transfer-Encoding: br\r\n\r\n`,
      "the last transfer coding of a request must be chunked",
    ],
    ["half a head", "GET /", half],
    ["half a body", `${GET}${THREE}a`, half],
    ["half a chunk", `${CHUNKED}1\r\na`, half],
    ["an endless head", `${GET}A: ${long}`, "the head is too long"],
    ["an endless extension", `${CHUNKED}1;${long}`, "the size of a chunk is too long"],
    ["endless trailers", `${CHUNKED}0\r\nA: ${long}`, "the trailers are too long"],
    ["a size that is no number", `${CHUNKED}x\r\n`, '"x" is no size of a chunk'],
    ["a size beyond numbers", `${CHUNKED}10000000000000\r\n`, '"10000000000000" is no size of a chunk'],
    ["a chunk beyond its size", `${CHUNKED}1\r\nab`, "a chunk is longer than its size"],
    ["a trailer without a colon", `${CHUNKED}0\r\nx\r\n\r\n`, '"x" is no header'],
  ])("are a problem, and only raw bytes follow: %s", (_, wire, message) => {
    const decoder = createRequestDecoder();
    const outline = outlineOf([...decode(decoder, [latin1(wire)]), ...decoder.push(latin1(GET))]);
    expect(outline).toContain(`problem ${message} | raw `);
    expect(outline.endsWith(GET)).toBe(true);
  });

  test("are found out soon, also among thousands of spaces", () => {
    const start = performance.now();
    const wire = latin1(`${GET}A:${" ".repeat(8_000)}\r${" ".repeat(8_000)}x\r\n\r\n`);
    expect(outlineOf(createRequestDecoder().push(wire))).toContain("problem");
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe("Node and these decoders read the same", () => {
  const short = fc.string({ unit: fc.constantFrom(..."\0\r\n0a\xff"), maxLength: 20 });
  const bytes = fc.oneof(
    { weight: 9, arbitrary: short },
    { weight: 1, arbitrary: fc.constant("\r\n".repeat(150)) },
  );
  const name = fc.constantFrom("Host", "set-cookie", "X-!#$%&'*+-.^_`|~", "cOnTeNt-TyPe");
  const value = fc.string({ unit: fc.constantFrom(...'aZ09:;,=  \t"\xa0\xff'), maxLength: 8 });
  const header = fc.tuple(name, value).map((line) => `${line.join(":")}\r\n`);
  const headers = fc.array(header, { maxLength: 4 }).map((lines) => lines.join(""));
  const extension = fc.constantFrom("", "", ";a", ';a=b;c="d e"');
  const chunk = fc
    .tuple(fc.constantFrom("", "00"), extension, bytes)
    .map(([zeros, extra, data]) => data && `${zeros}${data.length.toString(16)}${extra}\r\n${data}\r\n`);
  const body = fc.oneof(
    bytes.map((sent) => [`Content-Length: ${sent.length}\r\n`, sent] as const),
    fc
      .tuple(fc.array(chunk, { maxLength: 3 }), extension, headers)
      .map(([chunks, extra, trailers]) => `${chunks.join("")}0${extra}\r\n${trailers}\r\n`)
      .map((sent) => ["transfer-encoding: Chunked\r\n", sent] as const),
  );

  // What Node refuses is not generated: LF alone, folded headers, a length twice or beside chunks, any bytes in a
  // target. The decoders read it, because a viewer should show what others send.
  test("in 10,000 streams of requests", { timeout: 60_000 }, async () => {
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "M-SEARCH");
    const target = fc.constantFrom("/", "*", "/a/b?c=d%20&e", "http://localhost:1/x");
    const framed = fc.option(body, { nil: ["", ""] as const });
    const message = fc
      .tuple(fc.constantFrom("", "\r\n"), method, target, headers, framed)
      .map(([before, verb, path, lines, [framing, sent]]) => {
        return `${before}${verb} ${path} HTTP/1.1\r\n${lines}${framing}\r\n${sent}`;
      });
    const stream = fc.array(message, { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(stream, fc.integer(), async (messages, seed) => {
      const pieces = cut(latin1(messages.join("")), createRandom(seed));
      const read = textOf(decode(createRequestDecoder(), pieces));
      expect(read).toBe(await readByNodeServer(pieces, messages.length));
    });
    await fc.assert(property, { numRuns: 10_000 });
  });

  test("in 10,000 streams of responses", { timeout: 60_000 }, async () => {
    const reason = fc.constantFrom("", "OK", "n\xf6 ");
    const interim = fc
      .tuple(fc.constantFrom(100, 102, 103), reason, headers)
      .map(([status, text, lines]) => `HTTP/1.1 ${status} ${text}\r\n${lines}\r\n`);
    const status = fc.constantFrom(200, 201, 204, 205, 304, 404, 599);
    const method = fc.constantFrom("GET", "OPTIONS", "HEAD");
    const answer = fc
      .tuple(fc.array(interim, { maxLength: 2 }), method, status, reason, headers, body)
      .map(([interims, verb, code, text, lines, [framing, sent]]) => {
        const hasBody = verb !== "HEAD" && code !== 204 && code !== 304;
        const head = `HTTP/1.1 ${code} ${text}\r\n${lines}${framing}\r\n`;
        return { method: verb, wire: `${interims.join("")}${head}${hasBody ? sent : ""}` };
      });
    const untilClose = bytes.map((sent) => [{ method: "GET", wire: `${OK}\r\n${sent}` }]);
    const stream = fc
      .tuple(fc.array(answer, { minLength: 1, maxLength: 3 }), fc.option(untilClose, { nil: [] }))
      .map((answers) => answers.flat());
    const property = fc.asyncProperty(stream, fc.integer(), async (answers, seed) => {
      const random = createRandom(seed);
      const decoder = responseDecoder(answers.map((each) => each.method));
      const read = textOf(decode(decoder, cut(latin1(answers.map(({ wire }) => wire).join("")), random)));
      const byNode = answers.map((each) => readByNodeClient(each.method, cut(latin1(each.wire), random)));
      expect(read).toBe((await Promise.all(byNode)).join(""));
    });
    await fc.assert(property, { numRuns: 10_000 });
  });
});

describe("a million random bytes", () => {
  const chunks = "1;a\r\na\r\n0a\r\n0123456789\r\n0\r\nA: b\r\n\r\n";
  const bodies = [`${THREE}one`, `${CHUNKED.slice(GET.length)}${chunks}`];
  test.each([
    ["a request decoder", [GET, "\r\nPUT /2 HTTP/1.0\r\nA: b\r\n c\r\n"], createRequestDecoder],
    ["a response decoder", [OK, "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 404\nA: b\n"], () => responseDecoder([])],
  ])("do not break %s: it tells each byte once, and the same however they are cut", (_, heads, create) => {
    const property = fc.property(fc.integer(), fc.boolean(), (seed, isDamaged) => {
      const random = createRandom(seed);
      const oneOf = (all: readonly string[]) => all[Math.floor(random() * all.length)] ?? "";
      const message = () => oneOf(heads) + oneOf(bodies);
      const damages = [..."\r\n\0\xff:; 0a", "", "\r\n\r\n"];
      const damage = (byte: string) => (random() < 0.01 ? oneOf(damages) : byte);
      const bytes = isDamaged
        ? latin1([...Array.from({ length: 6 }, message).join("")].map(damage).join(""))
        : Buffer.from(Array.from({ length: 500 }, () => random() * 256));
      const pieces = cut(bytes, random);
      expect(outlineOf(decode(create(), pieces))).toBe(outlineOf(decode(create(), [bytes])));
    });
    fc.assert(property, { numRuns: 5_000 });
  });
});

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Many small pieces, or a few large ones. */
function cut(bytes: Buffer, random: () => number): Buffer[] {
  const most = bytes.length * random() ** 3;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 0) {
    pieces.push(bytes.subarray(at, at + 1 + Math.floor(random() * most)));
  }
  return pieces;
}

function responseDecoder(methods: readonly string[]): HttpDecoder {
  const left = [...methods];
  return createResponseDecoder(() => left.shift());
}

/** All that a decoder tells. Each byte must be in one item, or undecided. */
function decode(decoder: HttpDecoder, pieces: readonly Buffer[]): HttpItem[] {
  const items: HttpItem[] = [];
  let untold = 0;
  for (const piece of pieces) {
    const more = decoder.push(piece);
    untold += piece.length - more.reduce((sum, { size }) => sum + size, 0);
    if (untold !== decoder.undecided) throw new Error(`${decoder.undecided} bytes are not ${untold}`);
    items.push(...more);
  }
  return [...items, ...decoder.end()];
}

/** For a reader. Neighbouring pieces of a body are put together: where they were cut means nothing. */
function outlineOf(items: readonly HttpItem[]): string {
  const parts = items.map((item, index) => {
    const { type } = item;
    if (type === "head") return ` | ${item.head.status ?? `${item.head.method} ${item.head.target}`}`;
    if (type === "chunk") return ` | chunk ${item.length}`;
    if (type === "problem") return ` | problem ${item.message}`;
    // The line end behind a chunk says nothing.
    if (type === "chunk-end") return "";
    if (type === "end") return ` | end ${item.trailers.map((each) => each.join(": ")).join(", ")}`.trimEnd();
    return `${items[index - 1]?.type === type ? "" : ` | ${type} `}${item.bytes.toString("latin1")}`;
  });
  return parts.join("").slice(" | ".length);
}

/** As much as Node tells, too. */
function textOf(items: readonly HttpItem[]): string {
  const parts = items.map((item) => {
    if (item.type === "head") return headText(item.head.startLine, item.head.headers.flat());
    if (item.type === "end") return endText(item.trailers.flat());
    return item.type === "data" ? item.bytes.toString("latin1") : "";
  });
  return parts.join("");
}

function headText(startLine: string, headers: readonly string[]): string {
  return `${startLine}\n${headers.join("\n")}\n\n`;
}

function endText(trailers: readonly string[]): string {
  return `\n${trailers.join("\n")}\n---\n`;
}

/** A server takes any duplex for a connection. */
async function readByNodeServer(pieces: readonly Buffer[], count: number): Promise<string> {
  const messages: Promise<string>[] = [];
  const connection = new Duplex({ read() {}, write: (_, __, done) => done() });
  const server = createServer({ requireHostHeader: false });
  await new Promise<void>((resolve, reject) => {
    server.on("clientError", reject).on("request", (message) => {
      messages.push(messageText(message));
      if (messages.length === count) resolve();
    });
    server.emit("connection", connection);
    for (const piece of pieces) connection.push(piece);
  });
  const text = (await Promise.all(messages)).join("");
  connection.destroy();
  return text;
}

/** The answer comes when the request has been sent. */
async function readByNodeClient(method: string, pieces: readonly Buffer[]): Promise<string> {
  const connection = new Duplex({
    read() {},
    write(_, __, done) {
      for (const piece of [...pieces, null]) connection.push(piece);
      done();
    },
  });
  let interims = "";
  const sent = request({ method, createConnection: () => connection });
  sent.on("information", (head) => {
    interims += headText(startLineOf(head), head.rawHeaders) + endText([]);
  });
  const [answer] = await once(sent.end(), "response");
  return interims + (await messageText(answer));
}

async function messageText(message: IncomingMessage): Promise<string> {
  let text = headText(startLineOf(message), message.rawHeaders);
  for await (const piece of message) text += piece.toString("latin1");
  return text + endText(message.rawTrailers);
}

function startLineOf(message: Partial<IncomingMessage>): string {
  const { method, url, httpVersion, statusCode, statusMessage } = message;
  return method
    ? `${method} ${url} HTTP/${httpVersion}`
    : `HTTP/${httpVersion} ${statusCode} ${statusMessage}`;
}
