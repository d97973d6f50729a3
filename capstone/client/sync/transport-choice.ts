// Which transport to try: the user's choice, or the best one that has not failed again and again.
import type { TransportName } from "./client-state.ts";
import type { Transport } from "./transports/transport.ts";

/** After so many short lives in a row a transport is not the first choice any more. */
const MAX_SHORT_LIVES = 3;

/**
 * @param transports the best first
 * @param stableMs whatever has lived for less has had a short life, in milliseconds
 */
export function createTransportChoice(transports: readonly Transport[], stableMs = 10_000) {
  let mode: TransportName | "auto" = "auto";
  const shortLives = new Map<TransportName, number>();
  return {
    /** In the order in which they are tried. */
    candidates(): readonly Transport[] {
      if (mode !== "auto") return transports.filter(({ name }) => name === mode);
      const isFlapping = ({ name }: Transport) => (shortLives.get(name) ?? 0) >= MAX_SHORT_LIVES;
      const steady = transports.filter((transport) => !isFlapping(transport));
      return steady.length > 0 ? steady : transports;
    },
    /** What is worth looking for while this one works. */
    betterThan(used: TransportName): readonly Transport[] {
      if (mode !== "auto") return [];
      return transports.slice(
        0,
        transports.findIndex(({ name }) => name === used),
      );
    },
    /** A connection has ended. */
    noteLife(name: TransportName, livedMs: number): void {
      shortLives.set(name, livedMs < stableMs ? (shortLives.get(name) ?? 0) + 1 : 0);
    },
    /** @returns whether that is something new */
    force(next: TransportName | "auto"): boolean {
      if (next === mode) return false;
      mode = next;
      shortLives.clear();
      return true;
    },
    get isForced(): boolean {
      return mode !== "auto";
    },
  };
}
