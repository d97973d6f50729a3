// The next question follows as soon as an answer is there: the server gets as many questions as it can answer, for nothing.
// Fails: when it is stopped between two questions, there is no other one
// Lesson: chapters/01-short-polling/README.md#what-it-costs
// Hint: How many questions were asked in the first one and a half seconds?
import type { Following } from "../exercise.ts";

export function followBoard({ seq: start, ask, onEvents, onState }: Following): () => void {
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
    if (!isStopped) timer = setTimeout(poll, 0);
  }

  void poll();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
