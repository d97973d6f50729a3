export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes`);
  }
}

/**
 * Reads a request's body as UTF-8 and gives up as soon as it is known to be too large: the rest is never
 * buffered, whatever the sender claims or keeps sending.
 *
 * @param maxBytes the largest body that is accepted, in bytes
 * @throws {BodyTooLarge} when the declared or the received size is over `maxBytes`
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (!request.body) return "";
  // The header may be missing (chunked) or a lie, so it only serves to refuse early.
  if (Number(request.headers.get("content-length")) > maxBytes) {
    await request.body.cancel();
    throw new BodyTooLarge(maxBytes);
  }

  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw new BodyTooLarge(maxBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}
