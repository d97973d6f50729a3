/** Why a wait is over: something changed, the time is up, the client hung up, the server is about to stop. */
export type WaitEnd = "changed" | "timeout" | "gone" | "closed";

/** One question that is kept open. */
export interface Question {
  readonly boardId: string;
  /** How long it waits at most, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborted when the client hangs up. It may be aborted already. */
  readonly signal: AbortSignal;
  /** Answers the client. Called once, and may register another question. */
  onEnd(end: WaitEnd): void;
}

export interface Waiters {
  /** Keeps a question open until its wait is over. */
  register(question: Question): void;
  /** Ends the waits of all who wait for news of a board. */
  wake(boardId: string): void;
  /** Ends every wait, now and from now on: the server is about to stop. */
  close(): void;
  /** How many are waiting, over all boards. */
  readonly size: number;
  /** How many boards are remembered: those that somebody waits for, and no others. */
  readonly boards: number;
}

/** Who is waiting for news of which board. */
export function createWaiters(): Waiters {
  /** For each board, what ends the waits for it. */
  const byBoard = new Map<string, Set<(end: WaitEnd) => void>>();
  let isClosed = false;

  function endAll(boardId: string, end: WaitEnd): void {
    // A copy: every end takes itself out of the set, and a client may ask again, which puts a new one in.
    for (const settle of [...(byBoard.get(boardId) ?? [])]) settle(end);
  }

  return {
    register({ boardId, timeoutMs, signal, onEnd }) {
      // An aborted signal says nothing any more.
      if (signal.aborted) return onEnd("gone");
      if (isClosed) return onEnd("closed");
      const waiting = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, waiting);

      // Every end goes through here, so that none of them forgets something.
      function settle(end: WaitEnd): void {
        if (!waiting.delete(settle)) return;
        if (waiting.size === 0) byBoard.delete(boardId);
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        // At the very end: from inside it a client may ask again.
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
