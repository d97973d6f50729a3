// Live events are sent while the log is being read, and move the cursor: the events of the log then count as old, and are lost.
// Fails: what happens while the log is being read comes too, behind what the log has
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: When Bob has been sent event 9, what does your code make of event 7 from the log?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isReading = false;
  let isOver = false;

  const detach = attach((event) => {
    if (isReading) {
      pass(event);
      return;
    }
    waiting.push(event);
    flush();
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
