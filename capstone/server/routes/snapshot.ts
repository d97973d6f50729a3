// The board as JSON, compressed when that is worth it.
import { FastResponse } from "srvx/node";
import { compress, encodingFor } from "../compress.ts";
import { json } from "../json.ts";

/** Below this, in bytes, compressing costs more than it saves. */
const WORTH_IT = 1_024;

/** @param headers names in lower case */
export async function compressed(
  request: Request,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const encoding = encodingFor(request.headers.get("accept-encoding"));
  const all = { "cache-control": "no-store", vary: "accept-encoding", ...headers };
  if (!encoding) return json(body, 200, all);
  const bytes = Buffer.from(JSON.stringify(body));
  if (bytes.length < WORTH_IT) return json(body, 200, all);
  return new FastResponse((await compress(bytes, encoding)) as Uint8Array<ArrayBuffer>, {
    headers: { ...all, "content-type": "application/json", "content-encoding": encoding },
  });
}
