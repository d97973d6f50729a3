// The waiter is released on the ways out that are written down, but not when a read fails: each failure leaves one behind.
// Fails: a read that fails leaves no waiter behind, and Bob is told
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: An error is a way out of the function too. What runs on every one of them?
import type { LongPoll } from "../exercise.ts";

export async function longPoll({ register, read }: LongPoll): Promise<Response> {
  const waiter = register();
  const page = await read();
  if (page.events.length > 0) {
    waiter.release();
    return Response.json(page);
  }

  const end = await waiter.done;
  waiter.release();
  if (end === "timeout") return new Response(null, { status: 204 });
  return Response.json(await read());
}
