// A read after the waiter was registered can fail, and then nobody releases it: each failure leaves one behind for 25 seconds.
// Fails: a later read that fails leaves no waiter behind either
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: Between `register` and the end of the answer, which lines can throw?
import type { LongPoll } from "../exercise.ts";

export async function longPoll({ register, read }: LongPoll): Promise<Response> {
  const page = await read();
  if (page.events.length > 0) return Response.json(page);

  const waiter = register();
  const again = await read();
  if (again.events.length > 0) {
    waiter.release();
    return Response.json(again);
  }
  const end = await waiter.done;
  if (end === "timeout") return new Response(null, { status: 204 });
  return Response.json(await read());
}
