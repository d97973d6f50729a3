// Answers that can be large, as JSON: compressed when that is worth it, paid for by their size, and cut off when nobody reads them.
import type { ServerRequest } from "srvx";
import { FastResponse } from "srvx/node";
import { compress, encodingFor } from "../compress.ts";

/** Below this, in bytes, compressing costs more than it saves. */
const WORTH_IT = 1_024;

/** A client that takes nothing of its answer is cut off after this or twice as long, in milliseconds: what waits is in memory. */
const MAX_STALL_MS = 30_000;

/** Call it when the answer is about to be sent. */
export function cutIfStalled(request: Request): void {
  const response = (request as ServerRequest).runtime?.node?.res;
  response?.setTimeout(MAX_STALL_MS, () => response.destroy());
}

/**
 * @param charge is told how many bytes it is, before they are compressed
 * @param headers names in lower case
 */
export async function compressed(
  request: Request,
  body: unknown,
  charge: (bytes: number) => void,
  headers: Record<string, string> = {},
): Promise<Response> {
  cutIfStalled(request);
  const encoding = encodingFor(request.headers.get("accept-encoding"));
  const all = { "cache-control": "no-store", vary: "accept-encoding", ...headers };
  const bytes = Buffer.from(JSON.stringify(body));
  charge(bytes.length);
  if (!encoding || bytes.length < WORTH_IT) {
    return new FastResponse(bytes, { headers: { ...all, "content-type": "application/json" } });
  }
  return new FastResponse((await compress(bytes, encoding)) as Uint8Array<ArrayBuffer>, {
    headers: { ...all, "content-type": "application/json", "content-encoding": encoding },
  });
}
