/** What a board's log has after Bob's cursor. */
export interface Page {
  readonly events: readonly { readonly seq: number; readonly type: string }[];
  /** His next cursor. */
  readonly seq: number;
}

/** One question that is kept open. */
export interface Waiter {
  /** Resolves once, when something has changed since it was registered, or when the time is up. */
  readonly done: Promise<"changed" | "timeout">;
  /** Takes it away before that. Afterwards it does nothing. */
  release(): void;
}

export interface LongPoll {
  /** Adds a waiter for news of the board. */
  register(): Waiter;
  /** Reads the events after Bob's cursor. Takes a while, and may fail. */
  read(): Promise<Page>;
}

/** Answers with the events after a cursor, as soon as there are any; 204 if nothing happens for long enough. */
export async function longPoll({ register, read }: LongPoll): Promise<Response> {
  // Before the log is read: a change that comes meanwhile ends this wait, and is read below.
  const waiter = register();
  try {
    const page = await read();
    if (page.events.length > 0) return Response.json(page);

    const end = await waiter.done;
    if (end === "timeout") return new Response(null, { status: 204 });
    // The first page is from before the change: only the log knows what it was.
    return Response.json(await read());
  } finally {
    // On every way out, a read that failed included.
    waiter.release();
  }
}
