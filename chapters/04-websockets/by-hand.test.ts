import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { until } from "../../shared/testing/until.ts";
import {
  closePayload,
  createFrameReader,
  encodeFrame,
  type Frame,
  FrameError,
  type Incoming,
  OPCODE,
} from "./frames.ts";
import { acceptKey, answerHandshake } from "./handshake.ts";

const text = (payload: string, opcode: number = OPCODE.text, fin = true): Frame => ({
  fin,
  opcode,
  payload: Buffer.from(payload),
});

/** A WebSocket server of these two files alone: it sends every message back. */
async function echoServer() {
  const server = createServer();
  server.on("upgrade", (request, socket: Socket) => {
    const answer = answerHandshake(request);
    socket.write(answer);
    if (!answer.startsWith("HTTP/1.1 101")) return socket.end();
    const read = createFrameReader({ sender: "client", maxMessageBytes: 1_000_000 });
    const send = (opcode: number, payload: Buffer) =>
      socket.write(encodeFrame({ fin: true, opcode, payload }, "server"));
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      for (const message of read(bytes)) {
        if (message.type === "text") send(OPCODE.text, Buffer.from(message.text));
        if (message.type === "binary") send(OPCODE.binary, message.bytes);
        if (message.type === "ping") send(OPCODE.pong, message.bytes);
        if (message.type === "close") {
          send(
            OPCODE.close,
            message.code === 1005 ? Buffer.alloc(0) : closePayload(message.code, message.reason),
          );
          socket.end();
        }
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return server.address() as AddressInfo;
}

describe("the handshake", () => {
  test("the example of RFC 6455", () => {
    expect(acceptKey("dGhlIHNhbXBsZSBub25jZQ==")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  });

  const good = {
    method: "GET",
    httpVersion: "1.1",
    headers: {
      upgrade: "WebSocket",
      connection: "keep-alive, Upgrade",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    },
  };
  test.each([
    ["good, as Firefox writes it", {}, "101 Switching Protocols"],
    ["no GET", { method: "POST" }, "400"],
    ["HTTP/1.0", { httpVersion: "1.0" }, "400"],
    ["no upgrade", { headers: { ...good.headers, upgrade: undefined } }, "400"],
    ["another upgrade", { headers: { ...good.headers, upgrade: "h2c" } }, "400"],
    ["no connection", { headers: { ...good.headers, connection: "keep-alive" } }, "400"],
    ["no key", { headers: { ...good.headers, "sec-websocket-key": undefined } }, "400"],
    ["a short key", { headers: { ...good.headers, "sec-websocket-key": "c2hvcnQ=" } }, "400"],
    ["another version", { headers: { ...good.headers, "sec-websocket-version": "8" } }, "426"],
  ])("a request that is %s", (_name, changes, status) => {
    const answer = answerHandshake({ ...good, ...changes });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}.*\\r\\n[\\s\\S]*\\r\\n\\r\\n$`));
    expect(answer.includes("Sec-WebSocket-Version: 13")).toBe(status === "426");
  });
});

describe("frames", () => {
  test("the examples of RFC 6455, section 5.7", () => {
    expect(encodeFrame(text("Hello"), "server").toString("hex")).toBe("810548656c6c6f");
    const read = createFrameReader({ sender: "client", maxMessageBytes: 100 });
    expect(read(Buffer.from("818537fa213d7f9f4d5158", "hex"))).toEqual([{ type: "text", text: "Hello" }]);
  });

  test.each([0, 125, 126, 127, 65_535, 65_536, 70_000])(
    "a payload of %i bytes comes back as it went, both ways",
    (length) => {
      const payload = Buffer.alloc(length, "ab");
      for (const sender of ["client", "server"] as const) {
        const read = createFrameReader({ sender, maxMessageBytes: 100_000 });
        expect(read(encodeFrame({ fin: true, opcode: OPCODE.binary, payload }, sender))).toEqual([
          { type: "binary", bytes: payload },
        ]);
      }
    },
  );

  test("a message in fragments, with a ping between them, in pieces of any size", () => {
    const bytes = Buffer.concat(
      [text("Grü", OPCODE.text, false), text("p", OPCODE.ping), text("ße", OPCODE.continuation)].map(
        (frame) => encodeFrame(frame, "client"),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const read = createFrameReader({ sender: "client", maxMessageBytes: 100 });
        const messages: Incoming[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          messages.push(...read(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(messages).toEqual([
          { type: "ping", bytes: Buffer.from("p") },
          { type: "text", text: "Grüße" },
        ]);
      }),
    );
  });

  const client = (...frames: Frame[]) => Buffer.concat(frames.map((frame) => encodeFrame(frame, "client")));
  const raw = (hex: string) => Buffer.from(hex, "hex");
  test.each<[string, Buffer, number]>([
    ["a reserved bit", raw("c180deadbeef"), 1002],
    ["a reserved opcode", raw("8380deadbeef"), 1002],
    ["no mask", raw("810548656c6c6f"), 1002],
    ["a ping in fragments", raw("0980deadbeef"), 1002],
    ["a long ping", raw("89fe"), 1002],
    ["a continuation of nothing", client(text("x", OPCODE.continuation)), 1002],
    ["a new message in the middle of one", client(text("x", OPCODE.text, false), text("y")), 1002],
    ["a message that is too large, by its length", raw("81ff00000000000f4241"), 1009],
    [
      "a message that is too large, by its fragments",
      client(text("x".repeat(90), OPCODE.text, false), text("x".repeat(20), OPCODE.continuation)),
      1009,
    ],
    ["a text that is no UTF-8", client({ fin: true, opcode: OPCODE.text, payload: raw("c328") }), 1007],
    ["half a close code", client({ fin: true, opcode: OPCODE.close, payload: raw("03") }), 1002],
    [
      "a close code that cannot be sent",
      client({ fin: true, opcode: OPCODE.close, payload: closePayload(1006) }),
      1002,
    ],
    [
      "a reason that is no UTF-8",
      client({ fin: true, opcode: OPCODE.close, payload: raw("03e8c328") }),
      1007,
    ],
  ])("%s is an error with the close code that RFC 6455 names", (_name, bytes, code) => {
    const read = createFrameReader({ sender: "client", maxMessageBytes: 100 });
    let thrown: unknown;
    try {
      read(bytes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(FrameError);
    expect((thrown as FrameError).code).toBe(code);
  });
});

describe("both, with ws as the peer", () => {
  test("as the server: a client of ws shakes hands, sends, is pinged back and says goodbye", async () => {
    const { port } = await echoServer();
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    const received: string[] = [];
    socket.on("message", (data, isBinary) =>
      received.push(`${isBinary} ${data.toString().slice(0, 10)} ${data.toString().length}`),
    );
    await once(socket, "open");
    socket.send("Hello");
    socket.send(Buffer.from("bytes"));
    socket.send("x".repeat(70_000));
    socket.send("in ", { fin: false });
    socket.send("fragments");
    await until("five messages", () => received.length === 4);
    expect(received).toEqual([
      "false Hello 5",
      "true bytes 5",
      "false xxxxxxxxxx 70000",
      "false in fragmen 12",
    ]);
    socket.ping("still there?");
    expect(String((await once(socket, "pong"))[0])).toBe("still there?");
    socket.close(4008, "slow");
    const [code, reason] = await once(socket, "close");
    expect([code, String(reason)]).toEqual([4008, "slow"]);
  });

  test("as the client: a server of ws accepts the key and understands the frames", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    onTestFinished(() => void server.close());
    await once(server, "listening");
    server.on("connection", (peer) =>
      peer.on("message", (data, isBinary) => peer.send(data, { binary: isBinary })),
    );
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const key = "dGhlIHNhbXBsZSBub25jZQ==";
    socket.write(
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toContain(`Sec-WebSocket-Accept: ${acceptKey(key)}\r\n`);
    const read = createFrameReader({ sender: "server", maxMessageBytes: 100 });
    const messages: Incoming[] = [];
    socket.on("data", (bytes: Buffer) => messages.push(...read(bytes)));
    socket.write(encodeFrame(text("Grüße"), "client"));
    socket.write(encodeFrame({ fin: true, opcode: OPCODE.ping, payload: Buffer.from("p") }, "client"));
    socket.write(
      encodeFrame({ fin: true, opcode: OPCODE.close, payload: closePayload(1000, "bye") }, "client"),
    );
    await until("three answers", () => messages.length === 3);
    expect(messages).toEqual([
      { type: "text", text: "Grüße" },
      { type: "pong", bytes: Buffer.from("p") },
      { type: "close", code: 1000, reason: expect.any(String) },
    ]);
  });
});
