// A client that hangs up after its answer is answered a second time, because nothing says that its wait was over.
// Fails: a wait ends once, for the first reason
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: After the first end, the timer and the signal may still speak. How do you know that they are too late?
import type { WaitEnd, Waiters } from "../exercise.ts";

export function createWaiters(): Waiters {
  const byBoard = new Map<string, Set<(end: WaitEnd) => void>>();
  let isClosed = false;

  function endAll(boardId: string, end: WaitEnd): void {
    for (const settle of [...(byBoard.get(boardId) ?? [])]) settle(end);
  }

  return {
    register({ boardId, timeoutMs, signal, onEnd }) {
      if (signal.aborted) return onEnd("gone");
      if (isClosed) return onEnd("closed");
      const waiting = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, waiting);

      function settle(end: WaitEnd): void {
        waiting.delete(settle);
        if (waiting.size === 0) byBoard.delete(boardId);
        clearTimeout(timer);
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
