// The cursor cannot go back any more, but the late answer is still applied: a deleted card comes back on the screen.
// Fails: every event is applied once and in order, though an answer is late
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: The next question is right now. What became of the events in the answer that came too late?
import type { Following } from "../exercise.ts";

export function followBoard({ seq: start, intervalMs, ask, onEvents, onState }: Following): () => void {
  let seq = start;
  let isStopped = false;

  async function poll(): Promise<void> {
    try {
      const page = await ask(seq);
      if (isStopped) return;
      seq = Math.max(seq, page.seq);
      if (page.events.length > 0) onEvents(page.events);
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
