// What comes live is taken for new: an event that is told late, when the log has long had it, comes twice.
// Fails: what is told when the log has long had it comes once
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: The log can be quicker than the word. Which of your two paths compares the seq?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isReading = false;
  let isOver = false;

  const detach = attach((event) => {
    if (isReading || event.seq > last + 1) {
      waiting.push(event);
      if (!isReading) flush();
    } else {
      send(event);
      last = event.seq;
    }
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
