// There is one timer for all, and each new question sets it anew: on a busy server nobody's time is ever up.
// Fails: each wait ends by itself when its own time is up
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: Bob's 25 seconds began when he asked. What does Alice's question do to his timer?
import type { WaitEnd, Waiters } from "../exercise.ts";

export function createWaiters(): Waiters {
  const byBoard = new Map<string, Set<(end: WaitEnd) => void>>();
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

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
        if (!waiting.delete(settle)) return;
        if (waiting.size === 0) byBoard.delete(boardId);
        if (byBoard.size === 0) clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        onEnd(end);
      }

      const onAbort = () => settle("gone");
      clearTimeout(timer);
      timer = setTimeout(() => {
        for (const each of [...byBoard.keys()]) endAll(each, "timeout");
      }, timeoutMs);
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
