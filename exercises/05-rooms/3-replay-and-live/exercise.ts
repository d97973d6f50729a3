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
export function followBoard({ attach, send }: FollowOptions): () => void {
  const detach = attach((event) => {
    // TODO: Keep it back while the log is being read.
    // TODO: Send only what is new, and read the log again when something before it is missing.
    send(event);
  });
  // TODO: Read the log, and send first what it has and then what was kept back.
  return () => {
    // TODO: See that a read that is under way sends nothing any more.
    detach();
  };
}
