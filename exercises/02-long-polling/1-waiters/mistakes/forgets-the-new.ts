// The board's set is thrown away when all are woken: a client that asked again meanwhile is in it, and no change reaches it any more.
// Fails: a client that asks again from inside its answer waits for the next change
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: Between the first client that is told and the end of `wake`, somebody may have registered. Where is that question when you clear up?
import type { WaitEnd, Waiters } from "../exercise.ts";

export function createWaiters(): Waiters {
  const byBoard = new Map<string, Set<(end: WaitEnd) => void>>();
  let isClosed = false;

  function endAll(boardId: string, end: WaitEnd): void {
    for (const settle of [...(byBoard.get(boardId) ?? [])]) settle(end);
    byBoard.delete(boardId);
  }

  return {
    register({ boardId, timeoutMs, signal, onEnd }) {
      if (signal.aborted) return onEnd("gone");
      if (isClosed) return onEnd("closed");
      const waiting = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, waiting);

      function settle(end: WaitEnd): void {
        if (!waiting.delete(settle)) return;
        if (waiting.size === 0 && end !== "changed") byBoard.delete(boardId);
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        onEnd(end);
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
