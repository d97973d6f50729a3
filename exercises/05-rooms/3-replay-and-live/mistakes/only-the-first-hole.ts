// Holes are looked for after the first read only: when a word is lost later, Bob misses the event and gets all that come behind it.
// Fails: a hole that shows when Bob has long been live is filled too, and nothing overtakes it
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: The word can be lost at any time. Which of your two paths looks at `last + 1`?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isReading = false;
  let isOver = false;

  const detach = attach((event) => {
    if (isReading) waiting.push(event);
    else pass(event);
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
