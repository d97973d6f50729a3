import type { Socket } from "node:net";
import type { LastingFault } from "./faults.ts";

/** One way of a connection: what comes from `source` goes to `sink`, as slowly and as broken as the faults say. */
export interface Link {
  /** The faults that are on now, instead of those before. */
  setFaults(faults: readonly LastingFault[]): void;
  /** How many bytes wait in here. */
  readonly waiting: number;
  /** Stops everything; the sockets are the caller's. */
  stop(): void;
}

export interface LinkOptions {
  readonly source: Socket;
  readonly sink: Socket;
  /** For jitter: from 0 up to, and not including, 1. */
  readonly random: () => number;
  /** Whether `onBytes` would now return what it is given, whatever that is. */
  readonly isUntouched: () => boolean;
  /** Sees every piece as it comes, and returns what is to go on: usually the piece. */
  readonly onBytes: (bytes: Buffer) => readonly Passed[];
  /**
   * @param count how many bytes of what came have now gone on (or were taken out by `onBytes`), since the beginning
   * @param isLate whether they had to wait here
   */
  readonly onDelivered: (count: number, isLate: boolean) => void;
  /** The source has finished, and so the sink is told. */
  readonly onEnd: () => void;
  /** Both sides have to be reset (or closed): by the source, or by the fault `close-after`. */
  readonly onBreak: (how: "reset" | "close") => void;
}

export interface Passed {
  readonly bytes: Buffer;
  /** How many bytes have come up to its end, since the beginning. */
  readonly upTo: number;
}

/** How many bytes may wait here, before the sender has to wait. A slow reader lets none wait. */
const MAX_WAITING_BYTES = 262_144;

/** A limited line sends so many times a second. */
const WRITES_PER_SECOND = 50;

/** What waits: bytes, or the news that the source has finished or was reset. */
interface Piece {
  readonly what: Buffer | "end" | "reset";
  /** When it may go on, by `performance.now()`. */
  readonly dueAt: number;
  readonly upTo: number;
}

interface Shape {
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly bytesPerSecond: number;
  readonly sliceBytes: number;
  readonly maxWaiting: number;
  readonly isFrozen: boolean;
}

const PLAIN: Shape = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
  maxWaiting: MAX_WAITING_BYTES,
  isFrozen: false,
};

export function createLink(options: LinkOptions): Link {
  const { source, sink, random, isUntouched, onBytes, onDelivered, onEnd, onBreak } = options;
  let shape = PLAIN;
  let queue: Piece[] = [];
  let waiting = 0;
  let received = 0;
  let lastDueAt = 0;
  let nextWriteAt = 0;
  /** The sink's own buffer is full: it says so, and later that it is not any more. */
  let isSinkFull = false;
  let closeAfter: { left: number; how: "reset" | "close" } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let immediate: ReturnType<typeof setImmediate> | undefined;
  let isStopped = false;

  source.on("data", (bytes: Buffer) => {
    if (isStopped) return;
    received += bytes.length;
    // First on with the bytes, and only then what they mean: nobody should wait for that.
    const isWritten = isPlain() && isUntouched();
    if (isWritten) write(bytes);
    const pieces = onBytes(bytes);
    if (isStopped) return;
    for (const { bytes: piece, upTo } of isWritten ? [] : pieces) {
      if (isPlain()) write(piece);
      else enqueue(piece, upTo);
    }
    if (queue.length === 0) onDelivered(received, false);
    pump();
  });
  source.on("end", () => {
    enqueue("end", received);
    pump();
  });
  source.on("error", () => {
    if (isStopped) return;
    // A reset overtakes what waits, unless it waits itself: behind a pulled cable nobody hears of it.
    if (shape.isFrozen || shape.latencyMs > 0) enqueue("reset", received);
    else onBreak("reset");
    pump();
  });
  sink.on("drain", () => {
    isSinkFull = false;
    pump();
  });

  function isPlain(): boolean {
    return queue.length === 0 && shape === PLAIN && !isSinkFull && !closeAfter;
  }

  function enqueue(what: Piece["what"], upTo: number): void {
    const delay = shape.latencyMs + random() * shape.jitterMs;
    // Jitter changes the delays, never the order: this is TCP.
    lastDueAt = Math.max(lastDueAt, performance.now() + delay);
    queue.push({ what, dueAt: lastDueAt, upTo });
    if (typeof what !== "string") waiting += what.length;
  }

  /** Sends on whatever may go now, and comes back when more may. */
  function pump(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    while (!isStopped && !shape.isFrozen && !isSinkFull) {
      const piece = queue[0];
      if (!piece) break;
      const wait = Math.max(piece.dueAt, nextWriteAt) - performance.now();
      if (wait > 0) {
        timer = setTimeout(pump, Math.ceil(wait));
        break;
      }
      send(piece);
      if (Number.isFinite(shape.sliceBytes) && queue.length > 0) {
        // Each slice goes out by itself: the system would put two writes in a row into one packet.
        immediate = setImmediate(pump);
        break;
      }
    }
    applyBackPressure();
  }

  /** Sends on the first piece in the queue, or as much of it as one write may have. */
  function send(piece: Piece): void {
    queue.shift();
    if (piece.what === "end") onEnd();
    else if (piece.what === "reset") onBreak("reset");
    else {
      const now = piece.what.subarray(0, portion());
      const later = piece.what.subarray(now.length);
      waiting -= now.length;
      if (later.length > 0) queue.unshift({ ...piece, what: later });
      nextWriteAt = performance.now() + (now.length / shape.bytesPerSecond) * 1_000;
      write(now);
      if (!isStopped) onDelivered(queue.length === 0 ? received : piece.upTo - later.length, true);
    }
  }

  /** How many bytes the next write may have. */
  function portion(): number {
    const paced = Math.max(1, Math.floor(shape.bytesPerSecond / WRITES_PER_SECOND));
    return Math.min(shape.sliceBytes, paced);
  }

  function write(bytes: Buffer): void {
    const allowed = closeAfter ? bytes.subarray(0, closeAfter.left) : bytes;
    if (allowed.length > 0 && !sink.write(allowed)) isSinkFull = true;
    if (!closeAfter) return;
    closeAfter.left -= allowed.length;
    if (closeAfter.left === 0) onBreak(closeAfter.how);
  }

  /** Whoever sends faster than we may send on has to wait: memory is bounded, also between two machines. */
  function applyBackPressure(): void {
    if (isStopped) return;
    if (isSinkFull || waiting > shape.maxWaiting) source.pause();
    else if (source.isPaused()) source.resume();
  }

  return {
    setFaults(faults) {
      shape = shapeOf(faults);
      const limit = faults.findLast((fault) => fault.kind === "close-after");
      if (!limit) closeAfter = undefined;
      else closeAfter ??= { left: limit.bytes, how: limit.reset ? "reset" : "close" };
      if (closeAfter?.left === 0) onBreak(closeAfter.how);
      pump();
    },
    get waiting() {
      return waiting;
    },
    stop() {
      isStopped = true;
      queue = [];
      waiting = 0;
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}

/** Several faults at once: delays add up, and of limits the narrowest holds. */
function shapeOf(faults: readonly LastingFault[]): Shape {
  let shape = PLAIN;
  for (const fault of faults) {
    switch (fault.kind) {
      case "latency": {
        const { latencyMs, jitterMs } = shape;
        shape = { ...shape, latencyMs: latencyMs + fault.ms, jitterMs: jitterMs + (fault.jitterMs ?? 0) };
        break;
      }
      case "bandwidth":
        shape = { ...shape, bytesPerSecond: Math.min(shape.bytesPerSecond, fault.bytesPerSecond) };
        break;
      case "slow-reader":
        shape = {
          ...shape,
          bytesPerSecond: Math.min(shape.bytesPerSecond, fault.bytesPerSecond),
          maxWaiting: 0,
        };
        break;
      case "slice":
        shape = { ...shape, sliceBytes: Math.min(shape.sliceBytes, fault.bytes) };
        break;
      case "freeze":
        shape = { ...shape, isFrozen: true };
        break;
    }
  }
  return shape;
}
