// When things are sent. All that one event-loop turn has published is sent at its end; and a board on which much happens is sent
// in windows, because a write costs the same for one event as for twenty.

/** Something that collects what is to be sent. */
export interface Flushable {
  /** Sends it. */
  flush(): void;
}

/** Something that is flushed in windows when much happens. */
export interface Windowed extends Flushable {
  /** When its last flush was over: a time of `performance.now()`. */
  flushedAt: number;
}

export interface Flushes {
  /** At the end of this turn; or when its window is over, if it was flushed only just now. */
  board(board: Windowed): void;
  /** At the end of this turn, after the boards: what they give it, and what it has itself, is one write. */
  outlet(outlet: Flushable): void;
}

/** @param windowMs flushes of one board are not closer than this. In milliseconds. 0: each turn by itself */
export function createFlushes(windowMs: number): Flushes {
  let turn: Set<Windowed> = new Set();
  let outlets: Set<Flushable> = new Set();
  const windows = new Set<Windowed>();
  let isTurnScheduled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Not `nextTick`: that runs before the next event is read from any socket, and so collects nothing. */
  function scheduleTurn(): void {
    if (isTurnScheduled) return;
    isTurnScheduled = true;
    setImmediate(endTurn);
  }

  function endTurn(): void {
    isTurnScheduled = false;
    const boards = turn;
    turn = new Set();
    for (const board of boards) board.flush();
    endOutlets();
  }

  function endOutlets(): void {
    const dirty = outlets;
    outlets = new Set();
    for (const outlet of dirty) outlet.flush();
  }

  function endWindow(): void {
    timer = undefined;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const board of windows) {
      const left = board.flushedAt + windowMs - now;
      // A timer may come a fraction of a millisecond early.
      if (left > 0.5) {
        next = Math.min(next, left);
        continue;
      }
      windows.delete(board);
      board.flush();
    }
    endOutlets();
    if (next < Number.POSITIVE_INFINITY) wakeIn(next);
  }

  function wakeIn(ms: number): void {
    if (timer === undefined) timer = setTimeout(endWindow, ms);
  }

  return {
    board(board) {
      if (turn.has(board) || windows.has(board)) return;
      const left = board.flushedAt + windowMs - performance.now();
      if (left <= 0) {
        turn.add(board);
        scheduleTurn();
        return;
      }
      windows.add(board);
      wakeIn(left);
    },

    outlet(outlet) {
      outlets.add(outlet);
      scheduleTurn();
    },
  };
}
