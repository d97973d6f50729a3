// What the bench asks of every server, whichever it is.
import { answerParent } from "../answer-parent.ts";
import { now } from "../clock.ts";

/** How a client talks to it. */
export type Dialect = "board-socket" | "socket.io" | "stream";

export interface Address {
  readonly port: number;
  readonly path: string;
  readonly dialect: Dialect;
  /** The `Cookie` headers of the users, whom the clients share among them. None: nobody is asked who they are. */
  readonly cookies: readonly string[];
}

export interface Peer {
  readonly address: Address;
  /** The seq of the last event. */
  head(): number | Promise<number>;
  /** Makes an event, stores it, and gives it to everybody who follows the board. */
  publishOne(): void;
  /** Makes so many events, all in one turn of the event loop, and gives them to everybody. Only this server stores them too. */
  publishMany(count: number): void;
}

export interface Memory {
  /** On the JavaScript heap and in buffers, after a garbage collection. */
  readonly used: number;
  /** Of the whole process: the kernel gives it in large pieces, and it hardly ever shrinks. */
  readonly resident: number;
}

/** A difference that does not matter, in bytes: a few of one connection in a thousand. */
const SETTLED_BYTES = 5_000;

export type PeerActions = {
  start(argument: null): Promise<Address>;
  head(argument: null): Promise<number>;
  /** @returns when it began */
  publishMany(count: number): number;
  /** One event at a time, one every `gapMs`. */
  pace(plan: { readonly count: number; readonly gapMs: number }): Promise<void>;
  /** @returns CPU seconds of this process since it began, in user and kernel mode */
  cpuSeconds(argument: null): number;
  memory(argument: null): Promise<Memory>;
};

export function runPeer(open: () => Peer | Promise<Peer>): void {
  let peer: Peer;
  answerParent({
    async start() {
      peer = await open();
      return peer.address;
    },
    async head() {
      return peer.head();
    },
    publishMany(count) {
      const begunAt = now();
      peer.publishMany(count);
      return begunAt;
    },
    async pace({ count, gapMs }) {
      const begunAt = now();
      for (let index = 0; index < count; index += 1) {
        const waitMs = begunAt + index * gapMs - now();
        // Also when it is late: each event has a turn of its own.
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, waitMs)));
        peer.publishOne();
      }
    },
    cpuSeconds() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    memory: settledMemory,
  } satisfies PeerActions);
}

/** A collection frees more when connections that were just closed are really gone, so it is repeated until nothing changes. */
async function settledMemory(): Promise<Memory> {
  let last = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40; round += 1) {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    if (round > 2 && Math.abs(heapUsed + external - last) < SETTLED_BYTES) break;
    last = heapUsed + external;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { used: last, resident: process.memoryUsage.rss() };
}
