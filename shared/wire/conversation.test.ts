import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConversationOptions, createConversation } from "./conversation.ts";
import type { Way } from "./faults.ts";
import type { WireMessage } from "./message.ts";
import { personOf } from "./person.ts";

type Traffic = readonly (readonly [way: Way, bytes: string | Buffer])[];

/** A conversation about which everything is remembered. */
function listen(options: Partial<ConversationOptions> = {}) {
  const messages = new Map<number, WireMessage>();
  let lastId = 0;
  const conversation = createConversation({
    connection: 1,
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    onMessage: (message) => messages.set(message.id, message),
    onFirstRequest: () => {},
    ...options,
  });
  const counted = { up: 0, down: 0 };
  let clock = 0;
  return {
    conversation,
    say(traffic: Traffic) {
      for (const [way, text] of traffic) {
        const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text, "latin1");
        clock += 10;
        conversation.push(way, bytes, clock);
        counted[way] += bytes.length;
        conversation.delivered(way, counted[way] - conversation.undecided(way), undefined);
      }
    },
    messages: () => [...messages.values()],
    lines: () => [...messages.values()].map(({ kind, summary }) => `${kind}: ${summary}`),
    details: (summary: string) =>
      Object.fromEntries(
        [...messages.values()]
          .find((message) => message.summary.startsWith(summary))
          ?.details.map(({ label, text }) => [label, text]) ?? [],
      ),
  };
}

const crlf = (...lines: string[]) => `${lines.join("\r\n")}\r\n\r\n`;

const POLL: Traffic = [
  ["up", crlf("GET /poll?after=9 HTTP/1.1", "Host: bob.course.localhost:3001")],
  ["down", `${crlf("HTTP/1.1 200 OK", "Content-Length: 2")}{}`],
];

const STREAM: Traffic = [
  ["up", crlf("GET /events HTTP/1.1", "Host: x")],
  ["down", crlf("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked")],
  ["down", "1f\r\nid: 1\nevent: e\ndata: one\nx: y\n\n\r\n"],
  ["down", "4\r\n:hi\n\r\n1\r\n\n\r\n0\r\n\r\n"],
];

const SOCKET: Traffic = [
  ["up", crlf("GET /ws HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket")],
  ["down", crlf("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket")],
  ["up", Buffer.from("818537fa213d7f9f4d5158", "hex")],
  ["down", Buffer.from("810548656c6c6f", "hex")],
  ["down", Buffer.from("880603f468657921", "hex")],
];

describe("a conversation", () => {
  test("an answer says what it answers, and after how long", () => {
    const { say, messages, lines, details } = listen();
    say(POLL);
    expect(lines()).toEqual(["request: GET /poll?after=9", "response: 200 OK ← GET /poll?after=9"]);
    expect(messages()[1]).toMatchObject({
      way: "down",
      size: 40,
      afterMs: 10,
      isComplete: true,
      fate: "passed",
    });
    expect(details("200")).toEqual({ Head: "HTTP/1.1 200 OK\r\nContent-Length: 2", "Body, 2 bytes": "{}" });
  });

  test("pipelined requests are answered in their order, and an interim answer is none", () => {
    const { say, lines } = listen();
    say([
      ["up", crlf("GET /a HTTP/1.1", "Host: x") + crlf("HEAD /b HTTP/1.1", "Host: x")],
      ["down", crlf("HTTP/1.1 103 Early Hints") + crlf("HTTP/1.1 204 No Content")],
      ["down", crlf("HTTP/1.1 200 OK", "Content-Length: 99")],
      ["up", crlf("GET /c HTTP/1.1", "Host: x")],
      ["down", crlf("HTTP/1.1 304 Not Modified")],
    ]);
    expect(lines().filter((line) => line.startsWith("response"))).toEqual([
      "response: 103 Early Hints ← GET /a",
      "response: 204 No Content ← GET /a",
      "response: 200 OK ← HEAD /b",
      "response: 304 Not Modified ← GET /c",
    ]);
  });

  test("a body is shown with its chunks, and kept up to a limit", () => {
    const { say, details, messages } = listen();
    const body = "x".repeat(20_000);
    say([
      [
        "up",
        `${crlf("POST /tasks HTTP/1.1", "Transfer-Encoding: chunked")}3\r\nabc\r\n4e20\r\n${body}\r\n0\r\n\r\n`,
      ],
    ]);
    expect(messages()[0]).toMatchObject({ size: 20_073, isComplete: true });
    const [, [label, text] = []] = Object.entries(details("POST"));
    expect(label).toBe("Body, 20003 bytes in 2 chunks (hexadecimal 3, 4e20)");
    expect(text).toHaveLength(16_384 + "\n… (the rest is not kept)".length);
  });

  test("a stream of events is its head, and then each event and each comment by itself", () => {
    const { say, lines, details } = listen();
    say(STREAM);
    expect(lines()).toEqual([
      "request: GET /events",
      "response: 200 OK ← GET /events",
      "event: e 1 · one",
      "comment: :hi",
    ]);
    expect(details("e 1")).toEqual({ Lines: "id: 1\nevent: e\ndata: one\nx: y" });
  });

  test("after 101 there are frames, both ways", () => {
    const { say, lines, details } = listen();
    say(SOCKET);
    expect(lines().slice(2)).toEqual([
      "frame: text · Hello",
      "frame: text · Hello",
      "frame: close 1012 (service restart) hey!",
    ]);
    expect(details("text")).toEqual({
      Frame: "FIN 1\nRSV 000\nopcode 1 (text)\nMASK 1, key 37fa213d\nlength 5",
      "Payload, 5 bytes": "Hello",
    });
    expect(details("close")).toMatchObject({ Close: "1012 (service restart) hey!" });
  });

  test("what breaks the rules of a protocol is shown with what a peer does about it", () => {
    const { say, details } = listen();
    say([...SOCKET.slice(0, 2), ["up", Buffer.from("830548656c6c6f", "hex")]]);
    expect(details("opcode 3")).toMatchObject({
      Problem: "opcode 3 is reserved: a peer closes with 1002",
    });
  });

  test("bytes of another protocol are shown as what they are", () => {
    const { say, lines } = listen();
    say([["up", "\x16\x03\x01 no HTTP\r\n\r\n"]]);
    expect(lines()[0]).toMatch(/^bytes: not HTTP: ".+" does not begin a message of HTTP\/1\.1$/);
    expect(lines()[1]).toBe("bytes: 15 bytes that are neither HTTP nor frames");
  });

  test("an answer whose connection ends in the middle is not going on any more, and no stranger to HTTP either", () => {
    for (const stop of ["end", "lose"] as const) {
      const { say, conversation, lines, messages, details } = listen();
      say(STREAM.slice(0, 3));
      if (stop === "end") conversation.end("down", 99);
      else conversation.lose();
      expect(lines().filter((line) => line.startsWith("bytes"))).toEqual([]);
      expect(messages().every(({ isComplete }) => isComplete)).toBe(true);
      expect(details("200")).toMatchObject({ Problem: "the connection ended in the middle of it" });
    }
  });

  test("what loads pages is told from the rest", () => {
    const { say, messages } = listen();
    for (const path of ["/board?user=bob", "/page/board.js", "/", "/boards/board-1"]) {
      say([
        ["up", crlf(`GET ${path} HTTP/1.1`, "Host: x")],
        ["down", crlf("HTTP/1.1 204 No Content")],
      ]);
    }
    expect(messages().map(({ isPage }) => isPage)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test.each([
    ["a poll", POLL],
    ["a stream of events", STREAM],
    ["a socket", SOCKET],
  ])("%s is the same however its bytes are cut, and every byte is part of something", (_name, traffic) => {
    const whole = listen();
    whole.say(traffic);
    const outline = (listener: ReturnType<typeof listen>) =>
      listener.messages().map(({ kind, summary, size, details }) => ({ kind, summary, size, details }));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const cut = listen();
        let turn = 0;
        const sums = { up: 0, down: 0 };
        for (const [way, text] of traffic) {
          const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text, "latin1");
          let covered = -cut.conversation.undecided(way);
          for (let at = 0; at < bytes.length; ) {
            const size = sizes[turn % sizes.length] ?? 1;
            turn += 1;
            const parts = cut.conversation.push(way, bytes.subarray(at, at + size), turn);
            for (const part of parts) covered += part.size;
            at += size;
          }
          sums[way] += covered + cut.conversation.undecided(way) - bytes.length;
        }
        expect(outline(cut)).toEqual(outline(whole));
        expect(sums).toEqual({ up: 0, down: 0 });
      }),
    );
  });

  test("never throws, whatever comes", () => {
    const alphabet = fc.constantFrom(
      "GET / HTTP/1.1\r\n",
      "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n",
      "\r\n",
      "5\r\n",
      "\x81",
    );
    const piece = fc.oneof(
      alphabet,
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom<Way>("up", "down"), piece)), (traffic) => {
        const { say, conversation } = listen();
        say(traffic);
        conversation.end("up", 0);
        conversation.end("down", 0);
        conversation.lose();
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("who asks", () => {
  const head = (target: string, ...headers: [string, string][]) => ({
    startLine: "",
    target,
    headers,
    text: "",
  });

  test.each([
    [head("/", ["Host", "bob.course.localhost:3001"]), "bob"],
    [head("/board?user=alice", ["host", "localhost:3001"]), "alice"],
    [head("/tasks", ["host", "127.0.0.1"], ["X-User", "carol"]), "carol"],
    [head("/poll", ["Referer", "http://localhost:3001/board?user=bob"]), "bob"],
    [head("/boards/board-1", ["user-agent", "curl/8"]), "other"],
    [head("/", ["x-user", "<script>"]), "other"],
  ])("%j", (request, person) => {
    expect(personOf(request)).toBe(person);
  });
});
