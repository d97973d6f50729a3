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
  const page = await read();
  // What is there already needs no waiting.
  if (page.events.length > 0) return Response.json(page);

  const waiter = register();
  const end = await waiter.done;
  if (end === "timeout") return new Response(null, { status: 204 });
  // Somebody has changed something: the log knows what.
  return Response.json(await read());
}
