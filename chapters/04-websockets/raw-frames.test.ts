import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { openRawSocket, type RawFrame, rawFrame } from "../../shared/testing/raw-socket.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";

async function startApp() {
  return startServer(createApp({ ...demoBoard(), socketSettings: { closeTimeoutMs: 300 } }), {
    graceMs: 100,
  });
}

const ping = JSON.stringify({ type: "ping" });
const close = (code: number, reason: string | Buffer = ""): RawFrame => {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)]);
  return { opcode: 8, payload };
};
const big = (bytes: number) => "x".repeat(bytes);
const hex = (text: string) => Buffer.from(text, "hex");

/** What a client sends, and the code with which the server closes. 1005: a close without a code, as ours was. */
const CASES: readonly (readonly [name: string, code: number, ...frames: RawFrame[]])[] = [
  // The first byte.
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (reserved) => [`reserved bits ${reserved}`, 1002, { reserved, payload: ping }] as const,
  ),
  ...[3, 4, 5, 6, 7].map((opcode) => [`the reserved data opcode ${opcode}`, 1002, { opcode }] as const),
  ...[11, 12, 13, 14, 15].map(
    (opcode) => [`the reserved control opcode ${opcode}`, 1002, { opcode }] as const,
  ),
  ["reserved bits on a ping", 1002, { opcode: 9, reserved: 4 }],
  ["reserved bits on a close", 1002, { ...close(1000), reserved: 2 }],
  // The mask.
  ["a text without a mask", 1002, { payload: ping, isMasked: false }],
  ["an empty text without a mask", 1002, { isMasked: false }],
  ["a ping without a mask", 1002, { opcode: 9, isMasked: false }],
  ["a close without a mask", 1002, { ...close(1000), isMasked: false }],
  ["a second frame without a mask", 1002, { payload: ping }, { payload: ping, isMasked: false }],
  // Lengths.
  ["a length beyond 2^53", 1009, { lengthBits: 64, length: 2n ** 53n }],
  ["a length with its highest bit set", 1009, { lengthBits: 64, length: 2n ** 63n }],
  ["a length of 4 GiB that never comes", 1009, { lengthBits: 64, length: 2n ** 32n }],
  ["one byte too many", 1009, { payload: big(65_537) }],
  ["one byte too many, of binary", 1009, { opcode: 2, payload: big(65_537) }],
  [
    "one byte too many in two fragments",
    1009,
    { fin: false, payload: big(40_000) },
    { opcode: 0, payload: big(25_537) },
  ],
  [
    "too much in fragments that never end",
    1009,
    ...Array.from({ length: 9 }, (_, index) => ({
      fin: false,
      opcode: index === 0 ? 1 : 0,
      payload: big(8_000),
    })),
  ],
  // Fragments.
  ["a continuation of nothing", 1002, { opcode: 0, payload: "x" }],
  ["an empty continuation of nothing", 1002, { opcode: 0 }],
  ["a continuation of nothing that goes on", 1002, { opcode: 0, fin: false }],
  ["a continuation after a complete message", 1002, { payload: ping }, { opcode: 0, payload: "x" }],
  ["a text in the middle of a text", 1002, { fin: false, payload: "x" }, { payload: "y" }],
  ["a binary in the middle of a text", 1002, { fin: false, payload: "x" }, { opcode: 2, payload: "y" }],
  [
    "a new beginning in the middle of a text",
    1002,
    { fin: false, payload: "x" },
    { fin: false, payload: "y" },
  ],
  // Control frames.
  ["a ping in fragments", 1002, { opcode: 9, fin: false }],
  ["a pong in fragments", 1002, { opcode: 10, fin: false }],
  ["a close in fragments", 1002, { ...close(1000), fin: false }],
  ["a ping of 126 bytes", 1002, { opcode: 9, payload: big(126) }],
  ["a pong of 126 bytes", 1002, { opcode: 10, payload: big(126) }],
  ["a close of 126 bytes", 1002, close(1000, big(124))],
  ["a ping with a length in 16 bits", 1002, { opcode: 9, payload: "x", lengthBits: 16 }],
  ["a ping with a length in 64 bits", 1002, { opcode: 9, payload: "x", lengthBits: 64 }],
  // Text.
  ["a lone continuation byte", 1007, { payload: hex("80") }],
  ["half a character", 1007, { payload: hex("c3") }],
  ["an overlong slash", 1007, { payload: hex("c0af") }],
  ["half a surrogate pair", 1007, { payload: hex("eda080") }],
  ["beyond the last code point", 1007, { payload: hex("f4908080") }],
  [
    "a wrong byte in the second fragment",
    1007,
    { fin: false, payload: "ok" },
    { opcode: 0, payload: hex("ff") },
  ],
  [
    "a character that its last fragment does not complete",
    1007,
    { fin: false, payload: hex("e282") },
    { opcode: 0 },
  ],
  // Close.
  ["a close without a code", 1005, { opcode: 8 }],
  ["a normal close", 1000, close(1000, "bye")],
  ["a close with a code of our own", 3000, close(3000)],
  ["a close with the last code there is", 4999, close(4999)],
  ["a close with a long reason", 1000, close(1000, big(123))],
  ["half a close code", 1002, { opcode: 8, payload: hex("03") }],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
    (code) => [`the close code ${code}, which cannot be sent`, 1002, close(code)] as const,
  ),
  ["a reason that is no UTF-8", 1007, close(1000, hex("c328"))],
  // What is well-formed, and no message of ours.
  ["binary", 1003, { opcode: 2, payload: ping }],
  ["empty binary", 1003, { opcode: 2 }],
  ["ten texts that are none of ours", 4400, ...Array.from({ length: 10 }, () => ({ payload: "hello?" }))],
  ["too many messages", 4013, ...Array.from({ length: 51 + 50 }, () => ({ payload: ping }))],
];

describe("whatever a client sends", () => {
  test("there are more than sixty ways to be wrong", () => {
    expect(CASES.length).toBeGreaterThan(60);
  });

  const cases = CASES.map(([name, code, ...frames]) => ({ name, code, frames }));
  test.each(cases)("$name: the server closes with $code", async ({ code, frames }) => {
    const { port } = await startApp();
    const socket = openRawSocket(port);
    await until("the hello", () => socket.texts.length === 1);
    for (const frame of frames) socket.tcp.write(rawFrame(frame));
    await until("the close", () => socket.closeCode !== undefined);
    expect(socket.closeCode).toBe(code);
    await until("the end of the connection", () => socket.isOver);
  });

  test("and the others notice nothing: one server survives all of it, one after the other and at once", async () => {
    const app = createApp({ ...demoBoard(), socketSettings: { closeTimeoutMs: 300 } });
    const { port } = await startServer(app, { graceMs: 100 });
    const good = openRawSocket(port);
    await until("the hello", () => good.texts.length === 1);
    const bad = CASES.map(([, , ...frames]) => {
      const socket = openRawSocket(port);
      for (const frame of frames) socket.tcp.write(rawFrame(frame));
      return socket;
    });
    await until("all others to be gone", () => bad.every(({ isOver }) => isOver), 10_000);
    good.tcp.write(rawFrame({ payload: ping }));
    await until("the answer", () => good.texts.includes('{"type":"pong"}'));
    expect(app.sockets.size).toBe(1);
  });

  test("pings are answered, and pongs that nobody asked for are ignored", async () => {
    const { port } = await startApp();
    const socket = openRawSocket(port);
    await until("the hello", () => socket.texts.length === 1);
    socket.tcp.write(rawFrame({ opcode: 10, payload: "unasked" }));
    for (let each = 1; each <= 5; each += 1) {
      socket.tcp.write(rawFrame({ opcode: 9, payload: "p" }));
      await until("the pong", () => socket.controls.length === each);
    }
    expect(new Set(socket.controls)).toEqual(new Set([10]));
    expect(socket.closeCode).toBeUndefined();
  });

  test("who sends pings faster than their pongs can go out is cut off", async () => {
    const { port } = await startApp();
    const socket = openRawSocket(port);
    await until("the hello", () => socket.texts.length === 1);
    const flood = Buffer.concat(Array.from({ length: 10_000 }, () => rawFrame({ opcode: 9, payload: "p" })));
    socket.tcp.write(flood);
    await until("the end", () => socket.isOver);
    expect(socket.controls.length).toBeLessThan(10_000);
  });

  test.each(["//", "//ws:99999/", "http://[", "*", "/ws/../..//"])(
    "the target %j is refused, and whoever was refused has no hold on the server",
    async (target) => {
      const { server, app } = await (async () => {
        const app = createApp(demoBoard());
        return { app, server: await startServer(app, { graceMs: 3_000 }) };
      })();
      const request = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
      const staying = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
      staying.on("error", () => {});
      staying.write(request);
      let answer = "";
      staying.on("data", (bytes) => {
        answer += bytes;
      });
      await until("the answer", () => /^HTTP\/1\.1 4\d\d /.test(answer));
      for (let each = 0; each < 5; each += 1) {
        const leaving = connect(server.port, "127.0.0.1", () =>
          leaving.write(request, () => leaving.resetAndDestroy()),
        );
        leaving.on("error", () => {});
      }
      await until("the others to be gone", () => app.sockets.size === 0);
      const start = performance.now();
      await server.close();
      expect(performance.now() - start).toBeLessThan(1_500);
      staying.destroy();
    },
  );

  test.each([
    ["another path", "/nothing", {}, /^HTTP\/1\.1 404/],
    ["another version", "/ws", { "Sec-WebSocket-Version": "7" }, /^HTTP\/1\.1 (426|400)/],
    ["no key", "/ws", { "Sec-WebSocket-Key": "" }, /^HTTP\/1\.1 400/],
  ])("a handshake with %s is refused with a status", async (_name, path, headers, status) => {
    const { url } = await startApp();
    const response = await rawHandshake(url, path, headers);
    expect(response).toMatch(status);
  });
});

async function rawHandshake(url: string, path: string, headers: Record<string, string>): Promise<string> {
  const { port } = new URL(url);
  const all = {
    Host: "localhost",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  let text = "";
  for await (const bytes of socket) text += bytes;
  return text;
}
