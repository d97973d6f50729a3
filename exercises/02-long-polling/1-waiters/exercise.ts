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

  return {
    register({ boardId, onEnd }) {
      const waiting = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, waiting);
      // TODO: End the wait for the first reason that comes, and leave nothing of it behind.
      waiting.add(onEnd);
    },

    wake() {
      // TODO: End the waits for this board.
    },

    close() {
      // TODO: End all waits, now and from now on.
    },

    get size() {
      return [...byBoard.values()].reduce((sum, waiting) => sum + waiting.size, 0);
    },

    get boards() {
      return byBoard.size;
    },
  };
}
