// `ws`, with a frame that is made once and written to the socket beneath: one write for each event, and none of what `ws` does for
// a message. It is only here to compare with: a message that `ws` is sending at that moment would be torn apart by it.
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { encodeFrame, OPCODE } from "../../../chapters/04-websockets/frames.ts";
import { runPeer } from "./peer.ts";
import { openWsServer } from "./ws-server.ts";

runPeer(() =>
  openWsServer((room, text) => {
    const frame = encodeFrame({ fin: true, opcode: OPCODE.text, payload: Buffer.from(text) }, "server");
    for (const socket of room) connectionOf(socket).write(frame);
  }),
);

/** `ws` has no public name for it. */
function connectionOf(socket: WebSocket): Duplex {
  return (socket as unknown as { readonly _socket: Duplex })._socket;
}
