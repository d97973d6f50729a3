import type { LogPage } from "../../shared/board.ts";
import { Refusal } from "../../shared/refusal.ts";
import type { Waiter } from "./waiters.ts";

export interface LongPoll {
  /** Registered before `read` is called for the first time. */
  readonly waiter: Waiter;
  /** The events after the client's cursor. May take its time: nothing is lost meanwhile. */
  read(): LogPage | Refusal | Promise<LogPage | Refusal>;
}

/**
 * Answers with the events after a cursor: at once if there are any, else as soon as there are; 204 if nothing
 * happens for long enough.
 *
 * Register first, then read. A change between the two ends the wait that has not begun yet; the other way round,
 * a change after the read and before the registration wakes nobody, and the client waits for what has already
 * happened (the lost wake-up, shown in `check-then-wait.ts`).
 */
export async function longPoll({ waiter, read }: LongPoll): Promise<Response> {
  try {
    const first = await read();
    if (first instanceof Refusal || first.events.length > 0) return answer(first);
    if ((await waiter.done) !== "changed") return new Response(null, { status: 204 });
    return answer(await read());
  } finally {
    waiter.release();
  }
}

function answer(page: LogPage | Refusal): Response {
  if (page instanceof Refusal) return page.toResponse();
  const { events, seq } = page;
  return Response.json({ events, seq }, { headers: { "cache-control": "no-store" } });
}
