// A change also ends waits that were registered while it was told: a client that asks again at once is answered for nothing, in a circle.
// Fails: a client that asks again from inside its answer waits for the next change
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: A `for` loop over a set also meets what is put into the set while it runs.
import type { WaitEnd, Waiters } from "../exercise.ts";

export function createWaiters(): Waiters {
  const byBoard = new Map<string, Set<(end: WaitEnd) => void>>();
  let isClosed = false;

  function endAll(boardId: string, end: WaitEnd): void {
    for (const settle of byBoard.get(boardId) ?? []) settle(end);
  }

  return {
    register({ boardId, timeoutMs, signal, onEnd }) {
      if (signal.aborted) return onEnd("gone");
      if (isClosed) return onEnd("closed");
      const waiting = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, waiting);

      function settle(end: WaitEnd): void {
        if (!waiting.delete(settle)) return;
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        onEnd(end);
        if (waiting.size === 0) byBoard.delete(boardId);
      }

      const onAbort = () => settle("gone");
      const timer = setTimeout(() => settle("timeout"), timeoutMs);
      signal.addEventListener("abort", onAbort);
      waiting.add(settle);
    },

    wake: (boardId) => endAll(boardId, "changed"),

    close() {
      isClosed = true;
      for (const boardId of [...byBoard.keys()]) endAll(boardId, "closed");
    },

    get size() {
      return [...byBoard.values()].reduce((sum, waiting) => sum + waiting.size, 0);
    },

    get boards() {
      return byBoard.size;
    },
  };
}
