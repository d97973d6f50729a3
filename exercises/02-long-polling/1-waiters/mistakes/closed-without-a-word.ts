// Closing forgets the waits without ending them: their clients get no answer until the connection is cut.
// Fails: a server that stops answers everybody, and keeps nobody waiting from then on
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: Whoever waits when the server stops should be told. Does anybody call their `onEnd`?
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
      isClosed = true;
      byBoard.clear();
    },

    get size() {
      return [...byBoard.values()].reduce((sum, waiting) => sum + waiting.size, 0);
    },

    get boards() {
      return byBoard.size;
    },
  };
}
