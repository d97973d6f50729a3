// An event behind a hole is thrown away, and the log is not read again: from then on Bob gets nothing.
// Fails: a hole between the log and what was kept back is filled from the log
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: What is missing will not be told again. Where is it?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isReading = false;
  let isOver = false;

  const detach = attach((event) => {
    waiting.push(event);
    if (!isReading) flush();
  });
  void catchUp();

  async function catchUp(): Promise<void> {
    isReading = true;
    const events = await readLog(last);
    isReading = false;
    if (isOver) return;
    for (const event of events) pass(event);
    flush();
  }

  function flush(): void {
    let next = waiting[0];
    while (next && next.seq <= last + 1) {
      pass(next);
      waiting.shift();
      next = waiting[0];
    }
  }

  function pass(event: BoardEvent): void {
    if (event.seq <= last) return;
    send(event);
    last = event.seq;
  }

  return () => {
    isOver = true;
    detach();
  };
}
