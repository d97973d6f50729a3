import { createHash } from "node:crypto";

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

/** It has no meaning: it is there because no other protocol has it. */
const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * Answers a request for a WebSocket.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2
 */
export function answerHandshake({ method, headers }: HandshakeRequest): HandshakeAnswer {
  const isUpgrade = hasWord(headers.connection, "upgrade") && hasWord(headers.upgrade, "websocket");
  if (method !== "GET" || !isUpgrade) return { status: 400, headers: {} };
  // A client of another version may know ours too. It can only try again if it is told which one that is.
  if (headers["sec-websocket-version"] !== "13") {
    return { status: 426, headers: { "sec-websocket-version": "13" } };
  }
  const key = headers["sec-websocket-key"] ?? "";
  // By its characters: decoding it would not tell, because Node's decoder passes over what is no base64.
  if (!/^[+/0-9A-Za-z]{22}==$/.test(key)) return { status: 400, headers: {} };
  return {
    status: 101,
    headers: { upgrade: "websocket", connection: "Upgrade", "sec-websocket-accept": acceptKey(key) },
  };
}

function acceptKey(key: string): string {
  return createHash("sha1")
    .update(key + MAGIC)
    .digest("base64");
}

/** Whole words only: `Upgrade-Insecure-Requests` is another one. */
function hasWord(list: string | undefined, word: string): boolean {
  const words = (list ?? "").split(",").map((each) => each.trim().toLowerCase());
  return words.includes(word);
}
