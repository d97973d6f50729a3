export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes`);
  }
}

/** How much of a refused body is read and thrown away, as a multiple of the limit. */
const DISCARD_FACTOR = 16;

/**
 * Reads a request's body as UTF-8 and gives up as soon as it is known to be too large: the rest is never
 * buffered, whatever the sender claims or keeps sending.
 *
 * @param maxBytes the largest body that is accepted, in bytes
 * @throws {BodyTooLarge} when the declared or the received size is over `maxBytes`
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (!request.body) return "";
  const reader = request.body.getReader();
  // The header may be missing (chunked) or a lie, so it only serves to refuse early.
  let bytes = Number(request.headers.get("content-length")) > maxBytes ? maxBytes + 1 : 0;
  const decoder = new TextDecoder();
  let text = "";
  while (bytes <= maxBytes) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  void discard(reader, maxBytes * DISCARD_FACTOR);
  throw new BodyTooLarge(maxBytes);
}

/**
 * Reads on without keeping anything. A client that is still sending does not listen for its answer yet, and a
 * connection that is closed under it would tell it nothing. Beyond `maxBytes` it has been warned enough.
 */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<void> {
  try {
    for (let bytes = 0; bytes <= maxBytes; ) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The client hung up: there is nothing left to discard, and nobody left to tell.
  }
}
