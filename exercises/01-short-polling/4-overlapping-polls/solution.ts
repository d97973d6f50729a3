import type { LogPage } from "../../../shared/board.ts";

export interface Following {
  /** The last seq that the board on the screen has. */
  readonly seq: number;
  readonly intervalMs: number;
  /** Asks the server what comes after a cursor. Rejects when that fails, or when no answer comes within 10 s. */
  ask(after: number): Promise<LogPage>;
  /** Applies events to the board on the screen: it trusts us to give it each one once, and in order. */
  onEvents(events: LogPage["events"]): void;
  /** Shown to the user. */
  onState(state: "live" | "waiting"): void;
}

/**
 * Follows a board: asks at once, and then again and again.
 * @returns ends it; nothing is asked or called any more after that
 */
export function followBoard({ seq: start, intervalMs, ask, onEvents, onState }: Following): () => void {
  let seq = start;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout>;

  async function poll(): Promise<void> {
    try {
      const page = await ask(seq);
      if (isStopped) return;
      seq = page.seq;
      if (page.events.length > 0) onEvents(page.events);
      onState("live");
    } catch {
      if (!isStopped) onState("waiting");
    }
    // Only now, when the answer is there or has failed: two questions at once could be answered in any order.
    if (!isStopped) timer = setTimeout(poll, intervalMs);
  }

  void poll();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
