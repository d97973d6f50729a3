/** Why a waiter's wait is over. */
export type WaitEnd = "changed" | "timeout" | "gone" | "closed" | "released";

/** One question that is kept open. It counts from the moment it is registered. */
export interface Waiter {
  /** Resolves once, and never rejects. */
  readonly done: Promise<WaitEnd>;
  /** Ends the wait. Call it on every way out; after the first end it does nothing. */
  release(): void;
}

/** Who is waiting for news of which board, in this process. */
export function createWaiters() {
  const byBoard = new Map<string, Set<(end: WaitEnd) => void>>();
  let closed = false;

  function endAll(boardId: string, end: WaitEnd): void {
    // A copy: every end removes itself from the set.
    for (const settle of [...(byBoard.get(boardId) ?? [])]) settle(end);
  }

  return {
    /**
     * @param timeoutMs how long to wait at most, in milliseconds
     * @param signal aborted when the client hangs up
     */
    register(boardId: string, timeoutMs: number, signal: AbortSignal): Waiter {
      const { promise, resolve } = withResolvers<WaitEnd>();
      const waiting = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, waiting);

      function settle(end: WaitEnd): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        waiting.delete(settle);
        if (waiting.size === 0 && byBoard.get(boardId) === waiting) byBoard.delete(boardId);
        resolve(end);
      }

      const onAbort = () => settle("gone");
      const timer = setTimeout(settle, timeoutMs, "timeout");
      signal.addEventListener("abort", onAbort);
      waiting.add(settle);
      if (signal.aborted) settle("gone");
      if (closed) settle("closed");
      return { done: promise, release: () => settle("released") };
    },

    /** Ends the waits of everybody who waits for news of a board. Call it after the commit. */
    wake(boardId: string): void {
      endAll(boardId, "changed");
    },

    /** Ends every wait, now and from now on: the server is about to stop. */
    close(): void {
      closed = true;
      for (const boardId of [...byBoard.keys()]) endAll(boardId, "closed");
    },

    /** How many boards are remembered: those that somebody waits for, and no others. */
    get boards(): number {
      return byBoard.size;
    },

    /** How many are waiting, over all boards. */
    get size(): number {
      let size = 0;
      for (const waiting of byBoard.values()) size += waiting.size;
      return size;
    },
  };
}

/** `Promise.withResolvers`, which Node has from version 22 on. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
