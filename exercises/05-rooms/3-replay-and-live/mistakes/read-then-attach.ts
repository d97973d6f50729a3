// The log is read first, and live events are listened to afterwards: what happens between the two is lost.
// Fails: what happens while the log is being read comes too, behind what the log has
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: An event happens while the log is being read. Who hears it?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isReading = false;
  let isOver = false;

  let detach = () => {};
  void readLog(last).then((events) => {
    if (isOver) return;
    for (const event of events) pass(event);
    detach = attach((event) => {
      waiting.push(event);
      if (!isReading) flush();
    });
  });

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
