// A question that is answered at once leaves its waiter behind, for 25 seconds each time: a busy board fills the server's memory.
// Fails: an answer at once leaves no waiter behind
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: Now there is a waiter before it is known whether anybody has to wait. Who takes it away when nobody has to?
import type { LongPoll } from "../exercise.ts";

export async function longPoll({ register, read }: LongPoll): Promise<Response> {
  const waiter = register();
  const page = await read();
  if (page.events.length > 0) return Response.json(page);

  const end = await waiter.done;
  if (end === "timeout") return new Response(null, { status: 204 });
  return Response.json(await read());
}
