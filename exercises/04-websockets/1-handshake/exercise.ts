/** What a handshake needs of a request. */
export interface HandshakeRequest {
  /** In upper case. */
  readonly method: string;
  /** Names in lower case, values as they were sent. What was not sent is undefined. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What goes back: 101 makes the connection a WebSocket, everything else is a refusal. */
export interface HandshakeAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers a request for a WebSocket.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2
 */
export function answerHandshake(request: HandshakeRequest): HandshakeAnswer {
  // TODO: Refuse what is no request for a WebSocket.
  // TODO: Refuse another version, and say which one is spoken here.
  // TODO: Refuse a key that is not sixteen bytes in base64.
  const key = request.headers["sec-websocket-key"] ?? "";
  const headers = { upgrade: "websocket", connection: "Upgrade", "sec-websocket-accept": acceptKey(key) };
  return { status: 101, headers };
}

/** What proves to the client that the server has understood its request. */
function acceptKey(key: string): string {
  // TODO: Make the accept key: SHA-1, of the key and what belongs behind it, in base64.
  return key;
}
