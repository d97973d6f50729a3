// A connection that costs as little as possible: all of them read into the same memory, and nothing is copied but what is not complete.
import { connect } from "node:net";

/** What of a connection's last bytes was not complete is put right before the next ones. */
const RESERVED = 1 << 20;
const ARENA = Buffer.allocUnsafe(RESERVED + (1 << 16));
const READ_INTO = ARENA.subarray(RESERVED);
const NOTHING = Buffer.alloc(0);

export interface Connection {
  write(bytes: Buffer | string): void;
  close(): void;
}

export interface ConnectionOptions {
  readonly port: number;
  /** What one request opens: its head, and what the answer's status has to be. */
  readonly opening?: { readonly request: string; readonly status: number };
  onHead?(): void;
  /**
   * What comes, after the head of the answer that opens it.
   * @returns where that begins which has to be seen again, with what follows it
   */
  onBytes(bytes: Buffer, from: number, to: number): number;
  /** The connection is of no use any more, and it was not `close`. */
  onLost(reason: string): void;
}

export function openConnection({ port, opening, ...on }: ConnectionOptions): Connection {
  let rest: Buffer = NOTHING;
  let hasHead = opening === undefined;
  let isClosed = false;

  function read(count: number): boolean {
    let from = RESERVED - rest.length;
    const to = RESERVED + count;
    if (rest.length > 0) rest.copy(ARENA, from);
    if (!hasHead) {
      const end = ARENA.subarray(from, to).indexOf("\r\n\r\n");
      if (end >= 0) {
        const head = ARENA.toString("latin1", from, from + end);
        if (!head.startsWith(`HTTP/1.1 ${opening?.status} `)) {
          lose(`answered with ${head.split("\r\n")[0]}`);
          return true;
        }
        hasHead = true;
        from += end + 4;
        on.onHead?.();
      }
    }
    const at = hasHead ? on.onBytes(ARENA, from, to) : from;
    rest = at < to ? Buffer.from(ARENA.subarray(at, to)) : NOTHING;
    if (rest.length > RESERVED) lose("sent something endless");
    return true;
  }

  function lose(reason: string): void {
    if (isClosed) return;
    isClosed = true;
    socket.destroy();
    on.onLost(reason);
  }

  const socket = connect({ port, host: "127.0.0.1", onread: { buffer: READ_INTO, callback: read } });
  socket.setNoDelay(true);
  socket.on("error", (error) => lose(error.message));
  socket.on("close", () => lose("closed the connection"));
  if (opening) socket.write(opening.request);

  return {
    write: (bytes) => socket.write(bytes),
    close() {
      isClosed = true;
      socket.destroy();
    },
  };
}
