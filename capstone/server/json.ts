// Answers as JSON, by srvx's own `Response`, which costs a third of the platform's in a hot route.
// It is a `Response` for everybody who looks at it; only whoever asks for its body makes it a real one.
import { FastResponse } from "srvx/node";
import type { Refusal } from "../../shared/refusal.ts";
import type { Answer } from "../board/commands.ts";

/** @param headers names in lower case */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new FastResponse(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

export function noContent(headers: Record<string, string> = {}): Response {
  return new FastResponse(null, { status: 204, headers });
}

/**
 * The answer to a command as a response. Its header `board-seq` is the seq of the command's last event: whoever has applied that
 * one has seen what the command did.
 */
export function answered({ status, body, seq }: Answer): Response {
  const headers: Record<string, string> = seq === undefined ? {} : { "board-seq": String(seq) };
  return body === undefined ? noContentAs(status, headers) : json(body, status, headers);
}

function noContentAs(status: number, headers: Record<string, string>): Response {
  return new FastResponse(null, { status, headers });
}

/** What the store has refused, or what was made of what it gave. */
export function orRefusal<T extends object>(
  result: T | Refusal,
  toResponse: (value: T) => Response,
): Response {
  return "toResponse" in result && typeof result.toResponse === "function"
    ? (result as Refusal).toResponse()
    : toResponse(result as T);
}
