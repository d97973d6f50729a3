// After a wake-up Bob is given the page that was read before it: an empty list, and the change is not in it.
// Fails: a change while Bob waits is answered with its event
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: A wake-up says only that there is more to read. When was the page in your hand read?
import type { LongPoll } from "../exercise.ts";

export async function longPoll({ register, read }: LongPoll): Promise<Response> {
  const waiter = register();
  try {
    const page = await read();
    if (page.events.length > 0) return Response.json(page);

    const end = await waiter.done;
    if (end === "timeout") return new Response(null, { status: 204 });
    return Response.json(page);
  } finally {
    waiter.release();
  }
}
