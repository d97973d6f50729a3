// What is to be done for each of many, again and again, is done for a few of them at a time. Ten thousand boards at the same
// moment would keep everybody waiting.

/** How many parts a round has. */
const PARTS = 20;

/**
 * @param everyMs in so many milliseconds each comes once
 * @param all those that there are now
 * @returns ends it
 */
export function inTurns<T>(everyMs: number, all: () => Iterable<T>, run: (each: T) => void): () => void {
  let turn = 0;
  let left: T[] = [];
  let share = 0;
  const timer = setInterval(() => {
    if (turn % PARTS === 0) {
      left = [...all()];
      share = Math.ceil(left.length / PARTS);
    }
    turn += 1;
    for (const each of left.splice(0, share)) {
      try {
        run(each);
      } catch (error) {
        // The database may be busy. A timer has nobody above it, and the next round comes.
        console.error(error);
      }
    }
  }, everyMs / PARTS);
  return () => clearInterval(timer);
}
