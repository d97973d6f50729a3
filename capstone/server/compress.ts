// A snapshot of a large board is a tenth of its size when it is compressed. By the thread pool: this thread has sockets to serve.
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const brotli = promisify<Uint8Array, { params: Record<number, number> }, Buffer>(brotliCompress);
const zip = promisify<Uint8Array, { level: number }, Buffer>(gzip);

export type Encoding = "br" | "gzip";

/** The best that a client accepts. @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
export function encodingFor(acceptEncoding: string | null): Encoding | undefined {
  const accepted = new Set<string>();
  for (const part of (acceptEncoding ?? "").toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    if (!parameters.some((text) => /^q=0(?:\.0*)?$/.test(text))) accepted.add(name);
  }
  if (accepted.has("br")) return "br";
  return accepted.has("gzip") ? "gzip" : undefined;
}

/** @param quality of brotli: 4 is as fast as gzip and smaller; 11 is for what is compressed once */
export function compress(bytes: Uint8Array, encoding: Encoding, quality = 4): Promise<Buffer> {
  if (encoding === "gzip") return zip(bytes, { level: quality > 4 ? 9 : 6 });
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  return brotli(bytes, {
    params: { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}
