import type { ValidationIssue } from "@hectoday/http";

/** Why a change or a read was refused: an expected answer, and therefore a value instead of a throw. */
export class Refusal {
  readonly code: keyof typeof STATUS;
  /** A sentence for the caller. */
  readonly message: string;

  constructor(code: keyof typeof STATUS, message: string) {
    this.code = code;
    this.message = message;
  }

  toResponse(): Response {
    return errorResponse(STATUS[this.code], this.code, this.message);
  }
}

/** The HTTP status of each. */
export const STATUS = {
  invalid: 400,
  /** Who asks is known, and may not do this. */
  forbidden: 403,
  not_found: 404,
  /** The id is taken. */
  exists: 409,
  /** The task has changed since the caller read it. */
  version_conflict: 409,
  /** There are as many as there can be. */
  limit_reached: 409,
  /** Somebody has changed it since. */
  undo_conflict: 409,
  /** There is nothing that would take it back. */
  cannot_undo: 409,
  /** It was there, and somebody has deleted it. */
  gone: 410,
  /** The key was used for another command. */
  key_reused: 422,
  /** The cursor cannot be honoured: fetch a snapshot. */
  cursor_gone: 410,
  /** Another process held the write lock for too long: try again. */
  busy: 503,
} as const;

/** Another process held the write lock of the database for too long. */
export const BUSY = new Refusal("busy", "Another process is writing: try again.");

/** Whether a statement has failed with that. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

/** Every refusal of the course has this body: `{ error: { code, message, issues? } }`. */
export function errorResponse(
  status: number,
  code: string,
  message: string,
  issues?: readonly ValidationIssue[],
): Response {
  return Response.json({ error: { code, message, ...(issues && { issues }) } }, { status });
}

/** `onNotFound` of every app. */
export function answerNotFound(): Response {
  return errorResponse(404, "not_found", "There is no such route.");
}

/** `onError` of every app: the reason is for the terminal, not for the caller. */
export function answerError({ error, request }: { error: unknown; request?: Request }): Response {
  if (isBusy(error)) return BUSY.toResponse();
  // A caller who hung up in the middle of a request is not a bug.
  if (!request?.signal.aborted) console.error(error);
  return errorResponse(500, "internal", "Something went wrong on the server.");
}

/** The answer to input that the schemas refused: 413 for a body that is too large, else 400. */
export function badInput(issues: readonly ValidationIssue[]): Response {
  const tooLarge = issues.find((issue) => issue.code === "body_too_large");
  if (tooLarge) return errorResponse(413, tooLarge.code, tooLarge.message);
  return errorResponse(400, "bad_input", "The request is not valid: see the issues.", issues);
}
