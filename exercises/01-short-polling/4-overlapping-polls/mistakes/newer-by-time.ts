// Events are dropped when they are not later than the last one: the second change in a millisecond is lost.
// Fails: two events of the same millisecond are both applied
// Lesson: chapters/01-short-polling/README.md#what-breaks
// Hint: What do two events have that can be the same, and what never is?
import type { Following } from "../exercise.ts";

export function followBoard({ seq: start, intervalMs, ask, onEvents, onState }: Following): () => void {
  let seq = start;
  let isStopped = false;
  let lastAt = "";

  async function poll(): Promise<void> {
    try {
      const page = await ask(seq);
      if (isStopped) return;
      const before = lastAt;
      const events = page.events.filter(({ at }) => at > before);
      seq = Math.max(seq, page.seq);
      lastAt = events.at(-1)?.at ?? before;
      if (events.length > 0) onEvents(events);
      onState("live");
    } catch {
      if (!isStopped) onState("waiting");
    }
  }

  void poll();
  const timer = setInterval(poll, intervalMs);
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
