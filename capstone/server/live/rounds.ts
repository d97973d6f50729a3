// What each of thousands of connections needs again and again: one timer that goes round, instead of one for each.

/** Something that is visited once in every round. */
export interface InRound {
  /** Where it is in the round. Only the round sets it. */
  slot: number;
}

/** How many parts a round has: in each of them a few are visited, so that nobody waits while all are. */
const SLOTS = 20;

export interface Rounds<T extends InRound> {
  /** It is visited for the first time when nearly a whole round is over. */
  add(each: T): void;
  delete(each: T): void;
}

/** @param everyMs how long a round takes, in milliseconds. There is a timer only while there is somebody to visit. */
export function createRounds<T extends InRound>(everyMs: number, visit: (each: T) => void): Rounds<T> {
  const slots = Array.from({ length: SLOTS }, () => new Set<T>());
  let size = 0;
  let current = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  function advance(): void {
    current = (current + 1) % SLOTS;
    for (const each of slots[current] ?? []) visit(each);
  }

  return {
    add(each) {
      each.slot = current;
      slots[current]?.add(each);
      size += 1;
      timer ??= setInterval(advance, everyMs / SLOTS);
    },

    delete(each) {
      if (!slots[each.slot]?.delete(each)) return;
      size -= 1;
      if (size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
