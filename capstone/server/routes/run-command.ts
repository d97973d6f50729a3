// Grows ../../../chapters/07-reconnection/command-routes.ts: every change is a command, and every command goes through the store.
import type { Context } from "@hectoday/http";
import { errorResponse } from "../../../shared/refusal.ts";
import { type Command, commandKey } from "../../board/commands.ts";
import { userOf } from "../auth/auth.ts";
import { answered } from "../json.ts";
import type { MemberCommand, Store } from "../store/store.ts";

/** Carries out what a request asks for: once, however often it comes with the same `Idempotency-Key`. */
export async function runCommand(
  store: Store,
  c: Pick<Context, "request" | "locals">,
  command: Command | MemberCommand,
): Promise<Response> {
  const key = c.request.headers.get("idempotency-key") ?? undefined;
  if (key !== undefined && !commandKey.safeParse(key).success) {
    return errorResponse(400, "bad_key", "An Idempotency-Key is 16 to 64 letters, digits, _ or -.");
  }
  return answered(await store.run(userOf(c), key, command));
}
