import { errorResponse } from "../../refusal.ts";

/** The names under which a browser on this machine can open the stage. */
const OUR_HOSTS = ["course.localhost", "localhost", "127.0.0.1"];

/**
 * The stage listens on this machine only, and yet every page in the reader's browser can send requests to it. What
 * they could do is little, and still nobody else's business: reading what passes through the tap, and breaking it.
 *
 * @returns a 403, or undefined for a request that may be answered
 */
export function refuseStrangers(request: Request): Response | undefined {
  const { host, hostname, port } = new URL(request.url);
  // A name of somebody else's that resolves to this machine (DNS rebinding) would make their page the same origin.
  if (!OUR_HOSTS.includes(hostname)) {
    return errorResponse(403, "foreign_host", `Open the stage as http://localhost:${port}.`);
  }
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  if (request.headers.get("origin") === `http://${host}`) return undefined;
  return errorResponse(403, "foreign_origin", "Only the stage's own page can do this.");
}
