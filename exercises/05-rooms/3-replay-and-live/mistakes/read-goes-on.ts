// A read that is under way when Bob leaves sends its events all the same: to a socket that has gone, or to a page that shows another board.
// Fails: after a leave while the log is being read nothing comes, and nothing stays attached
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: `leave` cannot stop the read. Who can see, when it comes back, that nobody waits for it?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ after, attach, readLog, send }: FollowOptions): () => void {
  let last = after;
  const waiting: BoardEvent[] = [];
  let isReading = false;

  const detach = attach((event) => {
    waiting.push(event);
    if (!isReading) flush();
  });
  void catchUp();

  async function catchUp(): Promise<void> {
    isReading = true;
    const events = await readLog(last);
    isReading = false;
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
    detach();
  };
}
