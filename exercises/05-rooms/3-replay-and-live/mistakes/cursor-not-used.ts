// The log is read from its beginning: after every reconnect the client gets the whole history of the board.
// Fails: what Bob has missed comes from the log
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: The client has something already. Who tells the log?
import type { BoardEvent, FollowOptions } from "../exercise.ts";

export function followBoard({ attach, readLog, send }: FollowOptions): () => void {
  let last = 0;
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
