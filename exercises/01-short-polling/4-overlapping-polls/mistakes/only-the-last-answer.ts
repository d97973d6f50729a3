// Only the answer to the last question counts: when the server is slower than the interval, that is never the one that arrives.
// Fails: a server that is always slower than the interval is heard all the same
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: By the time an answer arrives, the next question has been asked. Which answers are left?
import type { Following } from "../exercise.ts";

export function followBoard({ seq: start, intervalMs, ask, onEvents, onState }: Following): () => void {
  let seq = start;
  let isStopped = false;
  let asked = 0;

  async function poll(): Promise<void> {
    try {
      asked += 1;
      const question = asked;
      const page = await ask(seq);
      if (isStopped || question !== asked) return;
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
