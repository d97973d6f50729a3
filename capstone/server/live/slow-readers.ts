// Clients for which something waits. One timer for all, and none while nobody is slow.
import { NEARLY_DRAINED_BYTES, type Outlet } from "./outlet.ts";

/** How often they are looked at, in milliseconds. */
const LOOK_MS = 50;

interface Progress {
  backlog: number;
  /** When it became smaller for the last time. */
  at: number;
}

export interface SlowReaders {
  /** Something waits for this one. It is forgotten by itself when nothing does. */
  watch(outlet: Outlet): void;
  readonly size: number;
}

/** @param maxStallMs who has taken nothing for so long is cut off, in milliseconds */
export function createSlowReaders(maxStallMs: number): SlowReaders {
  const slow = new Map<Outlet, Progress>();
  let timer: ReturnType<typeof setInterval> | undefined;

  function look(): void {
    const now = performance.now();
    for (const [outlet, progress] of slow) lookAt(outlet, progress, now);
    if (slow.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function lookAt(outlet: Outlet, progress: Progress, now: number): void {
    const { backlog, isOpen } = outlet;
    if (backlog < progress.backlog) progress.at = now;
    progress.backlog = backlog;
    const hasDrained = backlog === 0 || !isOpen;
    if (hasDrained) slow.delete(outlet);
    if (hasDrained || backlog <= NEARLY_DRAINED_BYTES) outlet.resume();
    if (hasDrained || now - progress.at <= maxStallMs) return;
    slow.delete(outlet);
    outlet.cut();
    outlet.resume();
  }

  return {
    watch(outlet) {
      if (slow.has(outlet)) return;
      slow.set(outlet, { backlog: outlet.backlog, at: performance.now() });
      timer ??= setInterval(look, LOOK_MS);
    },

    get size() {
      return slow.size;
    },
  };
}
