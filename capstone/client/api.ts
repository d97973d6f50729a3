// Requests to the server, with errors as values.
import type { ErrorBody } from "../board/commands.ts";
import { randomId } from "./sync/tabs.ts";

export type Reply<T> =
  | { readonly ok: true; readonly status: number; readonly body: T }
  /** Status 0: no answer has come. */
  | { readonly ok: false; readonly status: number; readonly error: ErrorBody["error"] };

const NO_ANSWER = {
  code: "offline",
  message: "The server cannot be reached. Try again when you are online.",
};

/** Called when a request is refused because nobody is signed in. */
let onSignedOut = () => {};

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** @param body sent as JSON */
export async function request<T>(method: string, path: string, body?: unknown): Promise<Reply<T>> {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(method !== "GET" && { "idempotency-key": randomId() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { status } = response;
    const json: unknown = status === 204 ? undefined : await response.json().catch(() => undefined);
    if (response.ok) return { ok: true, status, body: json as T };
    if (status === 401 && path !== "/session") onSignedOut();
    const failed: ErrorBody["error"] = { code: "failed", message: `The server said ${status}.` };
    const { error = failed } = (json ?? {}) as Partial<ErrorBody>;
    // People want to know what is wrong, and not that something is.
    const message = error.issues?.[0]?.message ?? error.message;
    return { ok: false, status, error: { ...error, message } };
  } catch {
    return { ok: false, status: 0, error: NO_ANSWER };
  }
}
