// Bob always waits, also for what is in the log already: whoever comes back to the board sees nothing until the next change.
// Fails: what is there already is answered at once
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: Registering comes first, but it is not yet waiting. What has to be looked at in between?
import type { LongPoll } from "../exercise.ts";

export async function longPoll({ register, read }: LongPoll): Promise<Response> {
  const waiter = register();
  try {
    const end = await waiter.done;
    if (end === "timeout") return new Response(null, { status: 204 });
    return Response.json(await read());
  } finally {
    waiter.release();
  }
}
