// A board that is closed while a question is under way asks on for ever: every board that somebody opens makes one question more.
// Fails: when it is stopped while a question is under way, that was the last one
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: When the board was closed, which timer was there to be cleared? And what is set afterwards?
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
    } catch {
      if (!isStopped) onState("waiting");
    } finally {
      timer = setTimeout(poll, intervalMs);
    }
  }

  void poll();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
