// What happens is kept back, and only the end of a read sends it: after the first one, Bob waits for ever.
// Fails: what happens afterwards comes at once
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: When the log has been read, who sends the next event?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isOver = false;

  const detach = attach((event) => {
    waiting.push(event);
  });
  void catchUp();

  async function catchUp(): Promise<void> {
    const events = await readLog(last);
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
