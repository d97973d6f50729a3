// Nobody is told when a question fails: the user sees "live" while the server cannot be reached.
// Fails: the user is shown what is going on
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: A question can end in two ways. What does the user see after each?
import type { Following } from "../exercise.ts";

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
    } catch {}
    if (!isStopped) timer = setTimeout(poll, intervalMs);
  }

  void poll();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
