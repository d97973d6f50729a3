/** A terminal, npm and tsx can each deliver the same Ctrl-C: signals this close together, in milliseconds, are one. */
const SAME_PRESS_MS = 500;

/**
 * Calls `stop` at the first of these signals. A later one, by somebody who has lost patience, ends the process at
 * once with exit code 1.
 *
 * @returns stops listening
 */
export function onStopSignal(signals: readonly NodeJS.Signals[], stop: () => void): () => void {
  let firstAt: number | undefined;
  function onSignal(): void {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      stop();
    } else if (now - firstAt > SAME_PRESS_MS) {
      process.exit(1);
    }
  }
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
