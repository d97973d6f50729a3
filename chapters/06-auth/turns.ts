// Expensive work takes turns, and the queue for it is short.

/**
 * @param maxRunning how many run at the same time
 * @param maxWaiting how many wait for that; more are turned away
 */
export function createTurns(maxRunning: number, maxWaiting: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return {
    /** @returns what `run` resolves to; undefined when the queue is full, and `run` was not called */
    async take<T>(run: () => Promise<T>): Promise<T | undefined> {
      if (running < maxRunning) running += 1;
      else if (waiting.length >= maxWaiting) return undefined;
      else await new Promise<void>((resolve) => waiting.push(resolve)); // somebody hands over their turn
      try {
        return await run();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
