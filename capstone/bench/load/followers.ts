// The clients that follow the board. Each has to get every event, once and in order; whatever else it gets ends the run.
import { now } from "../clock.ts";
import type { Address, Dialect } from "../peers/peer.ts";
import { openBoardSocketClient } from "./board-socket-client.ts";
import type { Client, ClientOptions } from "./client.ts";
import { createSeqReader } from "./read-seq.ts";
import { openRequestClient } from "./request-client.ts";
import { openSocketIoClient } from "./socket-io-client.ts";
import { openStreamClient } from "./stream-client.ts";

const OPEN: Record<Dialect, (options: ClientOptions) => Client> = {
  "board-socket": openBoardSocketClient,
  "socket.io": openSocketIoClient,
  stream: (options) => (options.follows ? openStreamClient(options) : openRequestClient(options)),
};

/** How many handshakes are under way at the same time. */
const AT_ONCE = 50;

/** @param onFault is told what makes all numbers worthless */
export function createFollowers(onFault: (reason: string) => void) {
  const clients: Client[] = [];
  /** The seq that each client has to get next. */
  const nextSeqs: number[] = [];
  const readSeq = createSeqReader();
  let target = 0;
  let behind = 0;
  let onReached: ((at: number) => void) | undefined;
  let onDelivery: ((seq: number) => void) | undefined;

  function follow(address: Address, index: number, head: number): Promise<Client> {
    nextSeqs[index] = head + 1;
    return new Promise((resolve) => {
      const client: Client = openClient(address, index, true, {
        onReady: () => resolve(client),
        onEvent: (bytes, start, end) => deliver(index, readSeq(bytes, start, end)),
        onAnswer: () => {},
        onLost: (reason) => onFault(`Client ${index} ${reason}`),
      });
    });
  }

  function deliver(index: number, seq: number): void {
    const next = nextSeqs[index] as number;
    if (seq !== next) onFault(`Client ${index} got the event ${seq}, and ${next} was to come`);
    nextSeqs[index] = next + 1;
    onDelivery?.(seq);
    if (seq === target) {
      behind -= 1;
      if (behind === 0) onReached?.(now());
    }
  }

  return {
    /** @param head the seq of the last event that is there already */
    async open(address: Address, count: number, head: number): Promise<void> {
      for (let first = 0; first < count; first += AT_ONCE) {
        const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, step) => first + step);
        clients.push(...(await Promise.all(indexes.map((index) => follow(address, index, head)))));
      }
    },

    /** @returns when the last client has got the event with this seq */
    reach(seq: number): Promise<number> {
      target = seq;
      behind = nextSeqs.filter((next) => next <= seq).length;
      if (behind === 0) return Promise.resolve(now());
      return new Promise((resolve) => {
        onReached = resolve;
      });
    },

    /** @param listener is told of each event that one of them gets */
    watch(listener: ((seq: number) => void) | undefined): void {
      onDelivery = listener;
    },

    close(): void {
      for (const client of clients.splice(0)) client.close();
      nextSeqs.length = 0;
    },
  };
}

/** The users share the clients among them. */
export function openClient(
  address: Address,
  index: number,
  follows: boolean,
  events: Omit<ClientOptions, "address" | "cookie" | "follows">,
): Client {
  const cookie = address.cookies[index % address.cookies.length];
  return OPEN[address.dialect]({ address, cookie, follows, ...events });
}
