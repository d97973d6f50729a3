// Grows ../../shared/refusal.ts: what nobody has expected is written to the log, under the id of its request.
import { BUSY, errorResponse, isBusy } from "../../shared/refusal.ts";
import type { Logger } from "./log.ts";
import type { RequestFacts } from "./request-facts.ts";

/** `onError` of the app. The reason is for the log, not for the caller. */
export function createFailures(log: Logger) {
  return ({ error, request, env }: { error: unknown; request: Request; env: unknown }): Response => {
    if (isBusy(error)) return BUSY.toResponse();
    const { id: requestId, route } = (env ?? {}) as Partial<RequestFacts>;
    // A caller who hung up in the middle of a request is not a bug.
    if (!request.signal.aborted) log.error({ err: error, requestId, route }, "failed");
    return errorResponse(500, "internal", "Something went wrong on the server.");
  };
}
