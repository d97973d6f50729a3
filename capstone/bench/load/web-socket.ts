// The client's side of a WebSocket, as far as the bench needs it.
import { OPCODE } from "../../../chapters/04-websockets/frames.ts";
import type { Address } from "../peers/peer.ts";
import { requestHead } from "./client.ts";
import { openConnection } from "./raw-connection.ts";
import { scanFrames } from "./scan-frames.ts";

interface WebSocketOptions {
  readonly address: Address;
  readonly cookie: string | undefined;
  onText(bytes: Buffer, start: number, end: number): void;
  onLost(reason: string): void;
}

export function openWebSocket({ address, cookie, onText, onLost }: WebSocketOptions) {
  const headers = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  ];
  const connection = openConnection({
    port: address.port,
    opening: { request: requestHead(address, cookie, headers), status: 101 },
    onBytes: (bytes, from, to) => scanFrames(bytes, from, to, onFrame),
    onLost,
  });

  function onFrame(bytes: Buffer, start: number, end: number, opcode: number): void {
    if (opcode === OPCODE.text) onText(bytes, start, end);
    else if (opcode === OPCODE.ping) connection.write(clientFrame(OPCODE.pong, bytes.subarray(start, end)));
    else if (opcode === OPCODE.close) onLost(`closed with ${bytes.readUInt16BE(start)}`);
  }

  return {
    send: (text: string) => connection.write(clientFrame(OPCODE.text, Buffer.from(text))),
    close: connection.close,
  };
}

/** A masking key of zeros changes nothing, and costs nothing. Servers cannot tell it from any other. */
function clientFrame(opcode: number, payload: Buffer): Buffer {
  const isShort = payload.length < 126;
  const frame = Buffer.alloc((isShort ? 6 : 8) + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (isShort ? payload.length : 126);
  if (!isShort) frame.writeUInt16BE(payload.length, 2);
  payload.copy(frame, frame.length - payload.length);
  return frame;
}
