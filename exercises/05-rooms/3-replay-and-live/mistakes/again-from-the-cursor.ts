// The log is read again from the first cursor: for one missing event it delivers everything since Bob came.
// Fails: a hole between the log and what was kept back is filled from the log
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: How far has Bob got meanwhile?
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
    const events = await readLog(after);
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
