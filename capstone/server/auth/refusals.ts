// What is said at the door.
import { errorResponse } from "../../../shared/refusal.ts";

export function notSignedIn(): Response {
  return errorResponse(401, "not_signed_in", "Sign in first.");
}

/** A program would not know what to make of "sign in". */
export function badToken(): Response {
  return errorResponse(401, "bad_token", "This token is not valid: it was deleted, or it is not complete.");
}

export function foreignOrigin(): Response {
  return errorResponse(403, "foreign_origin", "Only pages of this server may ask for this.");
}

export function notJson(): Response {
  return errorResponse(415, "not_json", "Send the body as application/json.");
}

export function readOnly(): Response {
  return errorResponse(403, "read_only", "This token may only read.");
}

export function forbidden(message: string): Response {
  return errorResponse(403, "forbidden", message);
}

export function tooMany(waitMs: number): Response {
  const seconds = String(Math.ceil(waitMs / 1_000));
  const response = errorResponse(429, "too_many", `Too often: try again in ${seconds} s.`);
  response.headers.set("retry-after", seconds);
  return response;
}
