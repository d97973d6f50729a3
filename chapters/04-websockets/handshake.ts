// How a connection becomes a WebSocket, by hand: to understand it. The server of this chapter uses `ws`.
import { createHash } from "node:crypto";

/** What a handshake needs of a request: Node's `IncomingMessage` has it. */
export interface HandshakeRequest {
  readonly method?: string | undefined;
  readonly httpVersion: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** RFC 6455, section 1.3. It has no meaning: it is there because no other protocol has it. */
const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * What the server makes of the client's key. It is no secret and protects nothing; it proves that the server has
 * understood the request, and that no cache has answered an old one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2
 */
export function acceptKey(key: string): string {
  return createHash("sha1")
    .update(key + MAGIC)
    .digest("base64");
}

/** The answer to a request for a WebSocket, as it goes over the wire: 101, or why not. */
export function answerHandshake({ method, httpVersion, headers }: HandshakeRequest): string {
  const key = String(headers["sec-websocket-key"] ?? "");
  const isUpgrade =
    tokens(headers.upgrade).includes("websocket") && tokens(headers.connection).includes("upgrade");
  if (method !== "GET" || httpVersion !== "1.1" || !isUpgrade) return refuse("400 Bad Request");
  if (headers["sec-websocket-version"] !== "13")
    return refuse("426 Upgrade Required", "Sec-WebSocket-Version: 13");
  // Sixteen bytes in base64.
  if (!/^[+/0-9A-Za-z]{22}==$/.test(key)) return refuse("400 Bad Request");
  return [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${acceptKey(key)}`,
    "\r\n",
  ].join("\r\n");
}

function refuse(status: string, ...headers: string[]): string {
  return [`HTTP/1.1 ${status}`, "Connection: close", "Content-Length: 0", ...headers, "\r\n"].join("\r\n");
}

/** A header is a list, in any case: Firefox sends `Connection: keep-alive, Upgrade`. */
function tokens(header: string | string[] | undefined): string[] {
  return String(header ?? "")
    .toLowerCase()
    .split(",")
    .map((token) => token.trim());
}
