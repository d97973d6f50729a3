import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { createFrameDecoder } from "../wire/frame-decoder.ts";
import { createResponseDecoder, type HttpHead } from "../wire/http-decoder.ts";

/** A WebSocket whose bytes a test writes itself. */
export interface RawSocket {
  readonly tcp: Socket;
  head: HttpHead | undefined;
  /** The texts that the server has sent. */
  readonly texts: string[];
  /** The opcodes of the other frames that it has sent. */
  readonly controls: number[];
  /** The code of its close frame, 1005 if that has none. */
  closeCode: number | undefined;
  isOver: boolean;
}

/** Shakes hands; what is sent after that is up to the test. */
export function openRawSocket(port: number, headers: Record<string, string> = {}, target = "/ws"): RawSocket {
  const tcp = connect({ port, host: "127.0.0.1", noDelay: true });
  onTestFinished(() => void tcp.destroy());
  const socket: RawSocket = {
    tcp,
    head: undefined,
    texts: [],
    controls: [],
    closeCode: undefined,
    isOver: false,
  };
  const all: Record<string, string> = {
    Host: `127.0.0.1:${port}`,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  tcp.write(`GET ${target} HTTP/1.1\r\n${lines.join("")}\r\n`);

  const http = createResponseDecoder(() => "GET");
  const frames = createFrameDecoder("server");
  let opcode = 0;
  let payload: Buffer[] = [];
  function onFrames(bytes: Buffer): void {
    for (const item of frames.push(bytes)) {
      if (item.type === "header") {
        opcode = item.header.opcode;
        payload = [];
      } else if (item.type === "payload") {
        payload.push(item.bytes);
      } else if (item.type === "end") {
        if (opcode === 1) socket.texts.push(Buffer.concat(payload).toString());
        else socket.controls.push(opcode);
        if (opcode === 8) socket.closeCode = item.frame.close?.code ?? 1005;
      }
    }
  }
  tcp.on("data", (bytes) => {
    for (const item of http.push(bytes)) {
      if (item.type === "head") socket.head = item.head;
      if (item.type === "raw") onFrames(item.bytes);
    }
  });
  tcp.on("error", () => {});
  tcp.on("close", () => {
    socket.isOver = true;
  });
  return socket;
}

export interface RawFrame {
  readonly fin?: boolean;
  /** RSV1, RSV2, RSV3 as three bits. */
  readonly reserved?: number;
  readonly opcode?: number;
  readonly payload?: string | Buffer;
  readonly isMasked?: boolean;
  /** How the length is written: 7, 16 or 64 bits. @default the shortest that fits */
  readonly lengthBits?: 7 | 16 | 64;
  /** A length that is not the payload's. */
  readonly length?: number | bigint;
}

/** The bytes of a client's frame, right or wrong. */
export function rawFrame(frame: RawFrame): Buffer {
  const { fin = true, reserved = 0, opcode = 1, payload = "", isMasked = true } = frame;
  const bytes = Buffer.from(payload as string);
  const length = BigInt(frame.length ?? bytes.length);
  const bits = frame.lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  const head = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (isMasked ? 0x80 : 0) | (bits === 7 ? Number(length) : bits === 16 ? 126 : 127);
  if (bits === 16) head.writeUInt16BE(Number(length), 2);
  if (bits === 64) head.writeBigUInt64BE(length, 2);
  const key = isMasked ? Buffer.from([0x37, 0xfa, 0x21, 0x3d]) : Buffer.alloc(0);
  const masked = isMasked ? bytes.map((byte, index) => byte ^ (key[index % 4] ?? 0)) : bytes;
  return Buffer.concat([head, key, masked]);
}
