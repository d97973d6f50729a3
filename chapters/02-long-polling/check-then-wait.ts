// A mistake, kept to be disproved: only its test imports this. It reads first and registers afterwards, and a change
// between the two wakes nobody. `long-poll.ts` does it right.
import type { LogPage } from "../../shared/board.ts";
import { Refusal } from "../../shared/refusal.ts";
import type { Waiter } from "./waiters.ts";

export interface CheckThenWait {
  register(): Waiter;
  read(): Promise<LogPage | Refusal>;
}

export async function checkThenWait({ register, read }: CheckThenWait): Promise<Response> {
  const first = await read();
  if (first instanceof Refusal) return first.toResponse();
  if (first.events.length > 0) return Response.json(first);
  const waiter = register();
  const end = await waiter.done;
  if (end !== "changed") return new Response(null, { status: 204 });
  const second = await read();
  return second instanceof Refusal ? second.toResponse() : Response.json(second);
}
