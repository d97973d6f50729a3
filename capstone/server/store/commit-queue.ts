// Changes that wait for their commit. An idle board commits each at once; a busy one many together, because what a commit costs
// is the waiting for the disk, and that is the same for one change and for a hundred.
import { BUSY, isBusy, type Refusal } from "../../../shared/refusal.ts";

export interface CommitQueueOptions {
  /** Runs all of it in one transaction. When it throws, nothing was done. */
  readonly transaction: (work: () => void) => void;
  /** Runs a part of that transaction. When it throws, this part was not done, and the rest may go on. */
  readonly part: <T>(work: () => T) => T;
  /** Whether the transaction is still open after a part has thrown. Some failures (a full disk) end it. */
  readonly isOpen: () => boolean;
  /** Called after each commit, before its promises resolve. */
  readonly onCommit: () => void;
  /** Called when a transaction was not committed: nothing of it has happened. */
  readonly onRollback: () => void;
  /** Is told why a transaction could not be committed. Default: it is not said, beyond the `busy` of its callers. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** How long a busy queue waits, at most, after a commit for as many to come as there were in it, in milliseconds. Default 5. */
  readonly windowMs?: number | undefined;
  /** The most that is done in one commit. Default 256. */
  readonly maxBatch?: number | undefined;
  /** Once a commit has been worked on for so long, what is left of it waits for the next one, in milliseconds. Default 25. */
  readonly maxWorkMs?: number | undefined;
  /** The most that waits. Default 10,000. */
  readonly maxWaiting?: number | undefined;
  /** How long it goes on trying while another process is writing, in milliseconds. Default 1,000. */
  readonly patienceMs?: number | undefined;
  /** A monotonic clock, in milliseconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

export type CommitQueue = ReturnType<typeof createCommitQueue>;

interface Waiting {
  readonly work: () => unknown;
  readonly since: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How soon it tries again while another process is writing. */
const RETRY_MS = 3;

export function createCommitQueue(options: CommitQueueOptions) {
  const { windowMs = 5, maxBatch = 256, maxWorkMs = 25, maxWaiting = 10_000, patienceMs = 1_000 } = options;
  const now = options.now ?? (() => performance.now());
  const waiting: Waiting[] = [];
  let isScheduled = false;
  let timer: NodeJS.Timeout | undefined;
  /** How many shared the last commit. A single writer, who waits for each answer, is not held up; of several most will be back. */
  let crowd = 1;
  let committedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;
  let whenEmpty: (() => void) | undefined;

  /**
   * Does something with the next commit. What `work` throws is what the promise rejects with, and undoes what it did.
   *
   * @param work synchronous: nobody else comes in between
   * @returns after the commit. `BUSY`: nothing has happened, because the queue is too long, or another process was writing for
   * too long, or the disk does not take it.
   */
  function run<T>(work: () => T): Promise<T | Refusal> {
    if (isClosed) return Promise.reject(new Error("The store is closed."));
    if (waiting.length >= maxWaiting) return Promise.resolve(BUSY);
    return new Promise((resolve, reject) => {
      waiting.push({ work, since: now(), resolve: resolve as Waiting["resolve"], reject });
      if (waiting.length >= crowd) endWindow();
      schedule(windowMs - (now() - committedAt));
    });
  }

  function schedule(delayMs: number): void {
    if (isScheduled) return;
    isScheduled = true;
    // Not a microtask: everything that arrives in this turn of the event loop comes along.
    if (delayMs <= 0 || waiting.length >= crowd) setImmediate(flush);
    else timer = setTimeout(flush, delayMs);
  }

  /** Everybody is there who shared the last commit: nobody else is waited for. */
  function endWindow(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    isScheduled = false;
  }

  function flush(): void {
    isScheduled = false;
    timer = undefined;
    const batch = waiting.splice(0, maxBatch);
    if (batch.length > 0) commit(batch);
    // Whatever waits now has waited already: it does not wait for another window.
    if (waiting.length > 0) schedule(0);
    else if (whenEmpty && !isScheduled) whenEmpty();
  }

  function commit(batch: readonly Waiting[]): void {
    const settle: (() => void)[] = [];
    try {
      options.transaction(() => {
        const startedAt = now();
        for (const each of batch) {
          settle.push(attempt(each));
          // Some changes rewrite a whole list. Whoever asks for something else has a turn in between.
          if (now() - startedAt >= maxWorkMs) break;
        }
      });
    } catch (error) {
      options.onRollback();
      giveUp(batch, error);
      return;
    }
    waiting.unshift(...batch.slice(settle.length));
    crowd = settle.length;
    committedAt = now();
    // Before anybody is told: who comes then begins no window that these would have to wait for.
    if (waiting.length > 0) schedule(0);
    options.onCommit();
    for (const each of settle) each();
  }

  function attempt({ work, resolve, reject }: Waiting): () => void {
    try {
      const result = options.part(work);
      return () => resolve(result);
    } catch (error) {
      if (isBusy(error) || !options.isOpen()) throw error;
      return () => reject(error);
    }
  }

  function giveUp(batch: readonly Waiting[], error: unknown): void {
    const isTooLate = ({ since }: Waiting) => now() - since >= patienceMs;
    const again = isBusy(error) ? batch.filter((each) => !isTooLate(each)) : [];
    const refused = isBusy(error) ? batch.filter(isTooLate) : batch;
    waiting.unshift(...again);
    if (again.length > 0 && !isScheduled) {
      // No window: it lasts, however many come.
      isScheduled = true;
      setTimeout(flush, RETRY_MS);
    }
    if (refused.length > 0) options.onError?.(error);
    for (const each of refused) each.resolve(BUSY);
  }

  /** Resolves when everything that waits has been answered. What comes after it rejects. */
  async function close(): Promise<void> {
    isClosed = true;
    if (waiting.length > 0 || isScheduled) {
      await new Promise<void>((resolve) => {
        whenEmpty = resolve;
      });
    }
  }

  return {
    run,
    close,
    /** How many wait for the next commit. */
    get length(): number {
      return waiting.length;
    },
  };
}
