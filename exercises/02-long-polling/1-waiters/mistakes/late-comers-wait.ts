// After `close` a new question is kept open: a server that wants to stop waits 25 seconds for it.
// Fails: a server that stops answers everybody, and keeps nobody waiting from then on
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: `close` ends the waits that there are. What about the request that comes a millisecond later?
import type { WaitEnd, Waiters } from "../exercise.ts";

export function createWaiters(): Waiters {
  const byBoard = new Map<string, Set<(end: WaitEnd) => void>>();

  function endAll(boardId: string, end: WaitEnd): void {
    for (const settle of [...(byBoard.get(boardId) ?? [])]) settle(end);
  }

  return {
    register({ boardId, timeoutMs, signal, onEnd }) {
      if (signal.aborted) return onEnd("gone");
      const waiting = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, waiting);

      function settle(end: WaitEnd): void {
        if (!waiting.delete(settle)) return;
        if (waiting.size === 0) byBoard.delete(boardId);
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
