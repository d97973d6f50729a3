// One connection and what is known of it: whether it is open, whether it is up to date, and whether silence means that it is dead.
import type { TransportName } from "./client-state.ts";
import type { Connection, End, FollowOptions, Transport } from "./transports/transport.ts";

/**
 * - `opening`: the server has not said a word yet
 * - `open`: it has, and what is missing is on its way
 * - `live`: everything that the log has is there
 */
export type LinkPhase = "opening" | "open" | "live";

export interface Link {
  readonly name: TransportName;
  readonly connection: Connection;
  readonly phase: LinkPhase;
  /** It has to show that it is still there: what was live is perhaps old. */
  readonly isInDoubt: boolean;
  /** From when it was open to its last sign of life, in milliseconds: one that is open and silent does not live. */
  readonly livedMs: number;
  /**
   * Asks for a sign of life, and ends it if none comes soon.
   * @param isSerious the computer has slept, or says that it is offline: until the sign comes nothing is certain
   */
  doubt(isSerious: boolean): void;
  /** Ends it if it has been silent for too long by the clock on the wall: timers do not run while a computer sleeps. */
  checkSilence(): void;
  /** Nothing is told any more. */
  close(isLeaving?: boolean): void;
}

export interface LinkOptions extends Omit<FollowOptions, "onAlive" | "onLive" | "onBehind" | "onEnd"> {
  readonly transport: Transport;
  /** How long opening may take, in milliseconds. */
  readonly openWithinMs: number;
  /** How long the sign of life may take, in milliseconds. */
  readonly answerWithinMs: number;
  /** Its phase, or whether it is in doubt, has changed. */
  onChange(link: Link): void;
  /** It is over. Called once, last, and not after `close`. */
  onEnd(link: Link, end: End): void;
}

/** A longer timer runs out at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createLink(options: LinkOptions): Link {
  const { transport, openWithinMs, answerWithinMs } = options;
  let phase: LinkPhase = "opening";
  let isInDoubt = false;
  let isOver = false;
  let openedAt: number | undefined;
  let maxSilenceMs = openWithinMs;
  let lastAliveAt = Date.now();
  let livedMs = 0;
  let silence = setTimeout(dead, openWithinMs);
  let doubtTimer: ReturnType<typeof setTimeout> | undefined;

  const connection = openOrEnd({
    ...options,
    onAlive(nextWithinMs) {
      lastAliveAt = Date.now();
      maxSilenceMs = nextWithinMs;
      clearTimeout(silence);
      clearTimeout(doubtTimer);
      doubtTimer = undefined;
      silence = setTimeout(dead, Math.min(nextWithinMs, MAX_TIMER_MS));
      openedAt ??= performance.now();
      noteLife();
      change(phase === "opening" ? "open" : phase, false);
    },
    onLive: () => change("live", isInDoubt),
    onBehind: () => change("open", isInDoubt),
    onEnd(why) {
      noteLife();
      end(why);
    },
  });

  function noteLife(): void {
    if (openedAt !== undefined) livedMs = performance.now() - openedAt;
  }

  /** Where a browser lacks something, the transport fails like any other. */
  function openOrEnd(follow: FollowOptions): Connection {
    try {
      return transport.open(follow);
    } catch {
      queueMicrotask(() => end({ kind: "away" }));
      return { close() {} };
    }
  }

  function change(nextPhase: LinkPhase, nextDoubt: boolean): void {
    if (isOver || (phase === nextPhase && isInDoubt === nextDoubt)) return;
    phase = nextPhase;
    isInDoubt = nextDoubt;
    options.onChange(link);
  }

  function dead(): void {
    connection.close();
    end({ kind: "away" });
  }

  function end(why: End): void {
    if (isOver) return;
    stop();
    options.onEnd(link, why);
  }

  function stop(): void {
    isOver = true;
    clearTimeout(silence);
    clearTimeout(doubtTimer);
  }

  const link: Link = {
    name: transport.name,
    connection,
    get phase() {
      return phase;
    },
    get isInDoubt() {
      return isInDoubt;
    },
    get livedMs() {
      return livedMs;
    },
    doubt(isSerious) {
      if (isOver || phase === "opening") return;
      if (!connection.probe) {
        // There is no way to ask. A new connection answers just as well.
        if (isSerious || Date.now() - lastAliveAt > maxSilenceMs / 2) dead();
        return;
      }
      doubtTimer ??= setTimeout(dead, answerWithinMs);
      change(phase, isInDoubt || isSerious);
      connection.probe();
    },
    checkSilence() {
      if (!isOver && Date.now() - lastAliveAt > maxSilenceMs) dead();
    },
    close(isLeaving) {
      if (isOver) return;
      stop();
      connection.close(isLeaving);
    },
  };
  return link;
}
