/** Something that has happened on the board. Seqs are dense: 1, 2, 3… */
export interface BoardEvent {
  readonly seq: number;
  readonly title: string;
}

export interface FollowOptions {
  /** The last seq that the client has. */
  readonly after: number;
  /**
   * Calls with each event that happens from now on, in order; but some never come.
   * @returns detaches
   */
  readonly attach: (onEvent: (event: BoardEvent) => void) => () => void;
  /** All events with a higher seq, in order. It takes a while. */
  readonly readLog: (after: number) => Promise<readonly BoardEvent[]>;
  /** To the client. */
  readonly send: (event: BoardEvent) => void;
}

/**
 * Sends a client what it has missed, and then what happens: in order, once, and without a gap.
 * @returns leaves: after that, nothing is sent
 */
export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  /** The last seq that the client has. */
  let last = after;
  /** Live events that cannot go out yet: the log is being read, or has to be. */
  const waiting: BoardEvent[] = [];
  let isReading = false;
  let isOver = false;

  // First this line, then the log: what happens in between is not lost.
  const detach = attach((event) => {
    waiting.push(event);
    if (!isReading) flush();
  });
  void catchUp();

  async function catchUp(): Promise<void> {
    isReading = true;
    const events = await readLog(last);
    // From here to the end of `flush` there is no `await`: nothing can happen between the log and going live.
    isReading = false;
    if (isOver) return;
    for (const event of events) pass(event);
    flush();
  }

  function flush(): void {
    let next = waiting[0];
    while (next && next.seq <= last + 1) {
      pass(next);
      waiting.shift();
      next = waiting[0];
    }
    // What is left has a hole before it. Nobody told us what belongs there: the log has it.
    if (next) void catchUp();
  }

  /** Both sources come by here, and each event comes from both: the seq says whether it has been sent. */
  function pass(event: BoardEvent): void {
    if (event.seq <= last) return;
    send(event);
    last = event.seq;
  }

  return () => {
    isOver = true;
    detach();
  };
}
