// What was kept back is thrown away when the log has been read: an event that happened during the read is lost.
// Fails: what happens while the log is being read comes too, behind what the log has
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: The log is a picture of one moment. What has happened since, and where is it?
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
    waiting.length = 0;
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
