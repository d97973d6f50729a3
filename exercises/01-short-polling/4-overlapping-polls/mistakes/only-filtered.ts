// Late answers do no harm any more, and the questions still pile up: a server that is slow gets more and more of them.
// Fails: questions do not pile up at a server that is slow
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: The board is right. Look at the server: how many questions has it got to answer at once?
import type { Following } from "../exercise.ts";

export function followBoard({ seq: start, intervalMs, ask, onEvents, onState }: Following): () => void {
  let seq = start;
  let isStopped = false;

  async function poll(): Promise<void> {
    try {
      const page = await ask(seq);
      if (isStopped) return;
      const known = seq;
      const events = page.events.filter((event) => event.seq > known);
      seq = Math.max(seq, page.seq);
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
