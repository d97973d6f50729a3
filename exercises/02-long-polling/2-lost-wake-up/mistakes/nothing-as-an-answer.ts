// Bob is answered with a page whatever ended his wait: on a quiet board he gets an empty list with 200, and not 204.
// Fails: when nothing happens until Bob's time is up, the answer is 204
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: A wait has two ends. Which of them says that there is something to read?
import type { LongPoll } from "../exercise.ts";

export async function longPoll({ register, read }: LongPoll): Promise<Response> {
  const waiter = register();
  try {
    const page = await read();
    if (page.events.length > 0) return Response.json(page);

    await waiter.done;
    return Response.json(await read());
  } finally {
    waiter.release();
  }
}
