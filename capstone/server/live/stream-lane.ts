// The fast lane of streams: HTTP/1.1 chunks, made once for all, are written to the TCP connection beneath srvx and Node.
//
// What it bypasses: the `ReadableStream` of the answer, the promise for each of its chunks, and `ServerResponse.write`. Through them go
// only the first bytes, so that srvx sends the head, and the end. What stays as it is:
// - Order. srvx asks the body for its second part when it has handed the first one to Node, which writes it at the end of that tick, and
//   only then the lane opens. From then on the body has nothing to say until it ends, so nobody else writes to the connection.
// - Back-pressure. What the client has not taken waits in the connection, and `writableLength` counts it. `Outlet` leaves out signals,
//   ends slow readers, and lets replays wait.
// - Orderly endings. `close` ends the body: srvx ends the answer, and Node writes the last chunk behind ours. From that moment on
//   nothing is written here. A client that hangs up cancels the body.
//
// Where there is no such connection, everything goes through the body: HTTP/2, HTTP/1.0 (which has no chunks), an app that is asked
// without a server, an answer that somebody has wrapped, or one that waits behind another one on its connection.
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { encodeEvent, encodeRetry } from "../../../chapters/03-sse/event-stream.ts";
import { type Form, inForm } from "./encodings.ts";
import { type Lane, Outlet } from "./outlet.ts";
import type { InRound } from "./rounds.ts";

/** What a stream's owner does when something happens to it. */
export interface StreamOwner {
  /** The head is on its way: from now on there is somewhere to send to. */
  onOpen(): void;
  /** It is over, for whatever reason. Called once. */
  onClose(): void;
  /** It has missed signals, and can be told now how things are. */
  onCaughtUp(): void;
}

export class StreamOutlet extends Outlet implements InRound {
  slot = 0;
  readonly body: ReadableStream<Uint8Array>;
  readonly #owner: StreamOwner;
  readonly #response: ServerResponse | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #connection: Socket | undefined;
  #state: "new" | "started" | "open" | "closed" = "new";

  /** @param retryMs what the client is told to wait before it connects again */
  constructor(lane: Lane, response: ServerResponse | undefined, retryMs: number, owner: StreamOwner) {
    super(lane);
    this.#owner = owner;
    this.#response = response;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#onPull(retryMs),
        // The client has hung up, or the server has.
        cancel: () => this.#finish(),
      },
      // The default counts chunks; and nothing is asked for before it is wanted.
      { highWaterMark: 0, size: (bytes) => bytes.byteLength },
    );
  }

  get form(): Form {
    return this.#connection ? "chunk" : "text";
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get backlog(): number {
    if (this.#connection) return this.#connection.writableLength;
    return Math.max(0, -(this.#controller?.desiredSize ?? 0));
  }

  async #onPull(retryMs: number): Promise<void> {
    if (this.#state === "new") {
      this.#state = "started";
      this.#controller?.enqueue(encodeRetry(retryMs));
    } else if (this.#state === "started") {
      await new Promise<void>((resolve) => process.nextTick(resolve));
      this.#open();
    } else if (!this.isBehind) {
      this.resume();
    }
  }

  #open(): void {
    if (this.#state !== "started") return;
    this.#state = "open";
    this.#connection = connectionOf(this.#response);
    this.#owner.onOpen();
  }

  protected write(bytes: Buffer): void {
    if (!this.#connection) this.#controller?.enqueue(bytes);
    else if (!this.#response?.writableEnded) this.#connection.write(bytes);
  }

  protected onceTaken(call: () => void): void {
    // Otherwise the body is asked for more.
    this.#connection?.once("drain", call);
  }

  /** A stream has no close code: its last event says why. Without an id, because it is not in the log. */
  end(code: number, reason: string): void {
    if (this.#hasEnded()) return;
    const last = encodeEvent({ type: "end", data: JSON.stringify({ code, reason }) });
    if (this.isOpen) this.send(inForm(this.#connection ? "chunk" : "text", last));
    else this.#controller?.enqueue(last);
    this.close();
  }

  /** Ends it in good order, and the client comes back. */
  close(): void {
    this.flush();
    const isWaitedFor = this.backlog > 0;
    // `flush` may have found out that the client does not read.
    if (this.#hasEnded()) return;
    this.#controller?.close();
    this.#finish();
    // What was sent before may still be read, but nobody waits for that for ever.
    if (isWaitedFor) setTimeout(() => this.#abandon(), this.lane.settings.maxStallMs).unref();
  }

  #abandon(): void {
    this.#controller?.error(new Error("the client does not read"));
    if (!this.#response?.writableFinished) this.#response?.destroy();
  }

  #hasEnded(): boolean {
    return this.#state === "closed";
  }

  /** An error throws away what waits. */
  cut(): void {
    if (this.#hasEnded()) return;
    this.#controller?.error(new Error("the client does not read"));
    this.#finish();
  }

  fail(): void {
    this.close();
  }

  #finish(): void {
    if (this.#hasEnded()) return;
    this.#state = "closed";
    this.resume();
    this.#owner.onClose();
  }

  protected onCaughtUp(): void {
    this.#owner.onCaughtUp();
  }
}

/** Undefined when chunks cannot be written past Node. */
function connectionOf(response: ServerResponse | undefined): Socket | undefined {
  const connection = response?.socket;
  const hasItsTurn = response?.headersSent && response.chunkedEncoding && !response.writableEnded;
  // What Node has not handed over to the connection yet would come behind ours.
  const isHandedOver = connection && response?.writableLength === connection.writableLength;
  return hasItsTurn && isHandedOver && !connection.destroyed ? connection : undefined;
}
