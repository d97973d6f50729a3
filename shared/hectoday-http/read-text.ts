export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes`);
  }
}

/** How much of a refused body is read and thrown away before the answer, as a multiple of the limit. */
const DISCARD_FACTOR = 16;

/**
 * Reads a request's body as UTF-8. A body over the limit is refused as soon as that is known, and never buffered,
 * whatever the sender claims or keeps sending.
 *
 * @param maxBytes the largest body that is accepted, in bytes
 * @throws {BodyTooLarge} when the declared or the received size is over `maxBytes`
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (!request.body) return "";
  const reader = request.body.getReader();
  // The header may be missing (chunked) or a lie, so it only serves to refuse early.
  const declared = Number(request.headers.get("content-length"));
  let bytes = 0;
  if (declared <= maxBytes) {
    const decoder = new TextDecoder();
    let text = "";
    while (bytes <= maxBytes) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
  }
  const discardable = maxBytes * DISCARD_FACTOR;
  if (declared <= discardable) await discard(reader, discardable - bytes);
  else await reader.cancel();
  throw new BodyTooLarge(maxBytes);
}

/**
 * Reads on without keeping anything. Many clients listen for the answer only when they have sent everything; if the
 * connection were closed under them, they would see an error instead of it. A sender with more than `maxBytes` left
 * is not worth that.
 */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<void> {
  for (let bytes = 0; bytes <= maxBytes; ) {
    const { done, value } = await reader.read();
    if (done) return;
    bytes += value.byteLength;
  }
  await reader.cancel();
}
