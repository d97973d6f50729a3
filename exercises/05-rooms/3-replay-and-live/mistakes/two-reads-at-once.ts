// Each event behind a hole starts a read of its own: one lost word, and a busy board reads its log a hundred times.
// Fails: a hole that shows when Bob has long been live is filled too, and nothing overtakes it
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: A second event comes while the log is being read because of the first. What is it good for to read twice?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isReading = false;
  let isOver = false;
  let isLive = false;

  const detach = attach((event) => {
    waiting.push(event);
    if (!isReading || isLive) flush();
  });
  void catchUp();

  async function catchUp(): Promise<void> {
    isReading = true;
    const events = await readLog(last);
    isReading = false;
    isLive = true;
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
    if (next) void catchUp();
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
