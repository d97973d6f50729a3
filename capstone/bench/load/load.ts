// The process in which all clients are.
import { answerParent } from "../answer-parent.ts";
import { now } from "../clock.ts";
import type { Address } from "../peers/peer.ts";
import { percentile } from "../ratios.ts";
import { createFollowers } from "./followers.ts";
import { createWriters } from "./writers.ts";

export interface Delays {
  readonly p50: number;
  readonly p99: number;
}

export type LoadActions = {
  /** @param plan.head the seq of the last event that is there already */
  follow(plan: { readonly address: Address; readonly count: number; readonly head: number }): Promise<void>;
  /** Closes those that were open before: a connection without requests would not be kept for ever. */
  openWriters(plan: { readonly address: Address; readonly count: number }): Promise<void>;
  /** @returns when the last client has got the event with this seq */
  reach(seq: number): Promise<number>;
  /** All writers write, each its next change as soon as the last one is answered. */
  writeFor(ms: number): Promise<{ readonly changes: number; readonly begunAt: number }>;
  /**
   * One writer sends changes at a steady rate.
   * @returns the milliseconds from sending to getting, over all changes and all clients
   */
  measureDelays(plan: {
    readonly head: number;
    readonly count: number;
    readonly gapMs: number;
    readonly clients: number;
  }): Promise<Delays>;
  cpuSeconds(argument: null): number;
  close(argument: null): void;
};

let fail: (error: Error) => void = () => {};
const failed = new Promise<never>((_, reject) => {
  fail = reject;
});
// Whoever asks next is told.
failed.catch(() => {});
const onFault = (reason: string) => fail(new Error(reason));

const followers = createFollowers(onFault);
const writers = createWriters(onFault);
const unlessFailed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, failed]);

answerParent({
  follow: ({ address, count, head }) => unlessFailed(followers.open(address, count, head)),
  openWriters: ({ address, count }) => unlessFailed(writers.open(address, count)),
  reach: (seq) => unlessFailed(followers.reach(seq)),
  writeFor: (ms) => unlessFailed(writers.writeFor(ms)),
  async measureDelays({ head, count, gapMs, clients }) {
    const sentAt = new Float64Array(count);
    const delays = new Float64Array(count * clients);
    let delivered = 0;
    // There is one writer, and its changes are made in the order in which it sends them.
    followers.watch((seq) => {
      delays[delivered] = now() - (sentAt[seq - head - 1] ?? Number.NaN);
      delivered += 1;
    });
    const reached = followers.reach(head + count);
    await unlessFailed(writers.pace(count, gapMs, (index, at) => (sentAt[index] = at)));
    await unlessFailed(reached);
    followers.watch(undefined);
    return { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) };
  },
  cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  close() {
    writers.close();
    followers.close();
  },
} satisfies LoadActions);
