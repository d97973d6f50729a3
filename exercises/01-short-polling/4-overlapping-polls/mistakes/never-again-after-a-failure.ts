// After one failed question no other one is asked: the board stands still until it is reloaded.
// Fails: after a question that failed it asks again
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: There are two ways in which a question ends. Which of them lets the next one through?
import type { Following } from "../exercise.ts";

export function followBoard({ seq: start, intervalMs, ask, onEvents, onState }: Following): () => void {
  let seq = start;
  let isStopped = false;
  let isAsking = false;

  async function poll(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    try {
      const page = await ask(seq);
      isAsking = false;
      if (isStopped) return;
      seq = page.seq;
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
