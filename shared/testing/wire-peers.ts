import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Fault, FaultRule } from "../wire/faults.ts";
import type { WireConnection, WireMessage } from "../wire/message.ts";
import { openTap, type TapOptions } from "../wire/tap.ts";
import { until } from "./until.ts";

/** One end of a connection, and what it has heard. It speaks and ends only when it is told to. */
export interface Peer {
  readonly socket: Socket;
  /** What has come, read by read. */
  readonly pieces: readonly Buffer[];
  /** All of it. */
  bytes(): Buffer;
  /** All of it, as text. */
  text(): string;
  /** How the other side has ended: `FIN`, or the error's code. */
  readonly ended: string | undefined;
}

/** Notes what a socket hears, until the running test has ended. */
export function peerOf(socket: Socket): Peer {
  const pieces: Buffer[] = [];
  let ended: string | undefined;
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  socket.on("end", () => {
    ended = "FIN";
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    ended = error.code;
  });
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    pieces,
    bytes: () => Buffer.concat(pieces),
    text: () => Buffer.concat(pieces).toString("latin1"),
    get ended() {
      return ended;
    },
  };
}

/** A connection through the tap: who opened it, and who got it. */
export interface Wire {
  readonly client: Peer;
  readonly server: Peer;
}

/** A server that speaks no protocol, with a tap before it, until the running test has ended. */
export async function openWires(options: Omit<TapOptions, "target" | "viewer"> = {}) {
  const accepted: Peer[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    accepted.push(peerOf(socket)),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const history: WireMessage[] = [];
  const connections: WireConnection[] = [];
  const viewer = {
    onMessage: (message: WireMessage) => void history.push(message),
    onConnection: (connection: WireConnection) => void connections.push(connection),
    onRules() {},
  };
  const target = (server.address() as AddressInfo).port;
  const tap = await openTap({ ...options, target, viewer });
  onTestFinished(async () => {
    await tap.close();
    server.close();
  });

  /** One more connection. Of a person, if there is a name: then its first request has come to the server. */
  async function wire(person?: string): Promise<Wire> {
    const count = accepted.length;
    const client = connectTo(tap.port);
    const last = await until("the server to get the connection", () => accepted[count]);
    if (person) {
      const request = requestOf(person);
      client.socket.write(request);
      await until("the first request", () => last.text() === request);
    }
    return { client, server: last };
  }

  return {
    tap,
    target,
    /** The server's ends, in order. */
    accepted,
    wire,
    /** @returns lifts it */
    put: (fault: Fault, rule: Omit<FaultRule, "fault" | "target"> & Partial<FaultRule> = {}) =>
      tap.apply({ target: "everyone", ...rule, fault }),
    /** Every state of every message, as the viewer was told. */
    history,
    /** Every state of every connection. */
    connections,
    /** What became of the messages whose summary has this in it, in order: `held passed`. */
    fates: (part: string) => fatesIn(history, part),
  };
}

/** A client that is connecting, and allowed to speak at once. */
export function connectTo(port: number): Peer {
  return peerOf(connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true }));
}

/** A small request by which the tap knows who is there. */
export function requestOf(person: string, path = "/"): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${person}.course.localhost:1\r\n\r\n`;
}

/** A small complete answer. */
export function responseOf(body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Says something on one end and waits until the other one has it, behind all that it had before. */
export async function say(from: Peer, to: Peer, text: string): Promise<void> {
  const expected = to.text() + text;
  from.socket.write(text, "latin1");
  await until(`${JSON.stringify(text.slice(0, 80))} to arrive`, () => to.text() === expected);
}

/** @returns how the other side of this end has ended, once it has */
export function endingOf(peer: Peer): Promise<string> {
  return until("the end of the connection", () => peer.ended);
}

/**
 * The same where bytes came together with the end: Node tells of a reset as if it was a FIN then, and only a write
 * shows the difference.
 */
export async function endingBehindBytes(peer: Peer): Promise<string> {
  await endingOf(peer);
  const error = await new Promise((resolve) => peer.socket.write("are you there?", resolve));
  return error ? "ECONNRESET" : "FIN";
}

/** Nothing that anybody could read, and the same in every run. */
export function randomBytes(size: number, random: () => number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; at += 1) bytes[at] = random() * 256;
  return bytes;
}

/** Small pieces and large ones, and waits when it is told to. */
export async function sendInPieces(socket: Socket, bytes: Buffer, random: () => number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + 1 + Math.floor(200_000 * random() ** 4));
    at += piece.length;
    if (!socket.write(piece)) await once(socket, "drain");
  }
}

function fatesIn(history: readonly WireMessage[], part: string): string {
  const ids = new Set(history.filter(({ summary }) => summary.includes(part)).map(({ id }) => id));
  const fates = history.filter(({ id }) => ids.has(id)).map(({ fate }) => fate);
  return fates.filter((fate, index) => fate !== fates[index - 1]).join(" ");
}
