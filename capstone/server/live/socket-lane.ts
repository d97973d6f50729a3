// The fast lane of sockets: whole WebSocket frames, made once for all, are written to the TCP connection beneath `ws`.
//
// What it bypasses: `ws.send`, which puts a new header before the same payload for each socket, and makes two writes of each
// message. What stays as it is:
// - Order. `ws` writes its own frames (pong, ping, close) whole and at once to the same connection, and so does this lane: none gets
//   into another. Compression is off, so `ws` never holds a frame back.
// - Back-pressure. What the client has not taken waits in the connection, where `writableLength` counts the bytes of both. `Outlet`
//   leaves out signals, ends slow readers, and lets replays wait.
// - Limits. What comes in is read by `ws` alone: sizes, masks, fragments, UTF-8.
// - Orderly endings. From the moment in which `ws` sends or has received a close frame, `readyState` is not OPEN, and nothing more is
//   written: no frame may follow a close frame (RFC 6455, section 5.5.1).
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { CLOSE_CODES } from "../../../shared/close-codes.ts";
import { type Lane, Outlet } from "./outlet.ts";

/** What a socket's owner does when something happens to it. */
export interface SocketOwner {
  /** Before it is closed from here: it must be out of every feed by then. */
  onClosing(): void;
  /** It has missed signals, and can be told now how things are. */
  onCaughtUp(): void;
}

export class SocketOutlet extends Outlet {
  readonly form = "frame";
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #owner: SocketOwner;

  constructor(lane: Lane, socket: WebSocket, connection: Duplex, owner: SocketOwner) {
    super(lane);
    this.#socket = socket;
    this.#connection = connection;
    this.#owner = owner;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === 1;
  }

  get backlog(): number {
    return this.#connection.writableLength;
  }

  protected write(frames: Buffer): void {
    this.#connection.write(frames);
  }

  protected onceTaken(call: () => void): void {
    this.#connection.once("drain", call);
  }

  /** @param code one of the close codes */
  end(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#owner.onClosing();
    this.flush();
    this.#socket.close(code, reason);
    this.resume();
  }

  /** The close frame waits behind everything else. If the client does not read that far, the time limit of `ws` ends it. */
  cut(): void {
    this.end(CLOSE_CODES.slow, "the client does not read");
  }

  fail(): void {
    this.end(CLOSE_CODES.internalError, "the server has made a mistake");
  }

  protected onCaughtUp(): void {
    this.#owner.onCaughtUp();
  }
}
