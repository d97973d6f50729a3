// Whatever stands in the key is taken: an accept key for an empty one proves nothing to anybody.
// Fails: a key that is not sixteen bytes in base64 is refused
// Lesson: chapters/04-websockets/README.md#what-goes-over-the-wire
// Hint: A key has one form and one length. Everything else is a client that is broken, and should hear of it.
import { createHash } from "node:crypto";
import type { HandshakeAnswer, HandshakeRequest } from "../exercise.ts";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export function answerHandshake({ method, headers }: HandshakeRequest): HandshakeAnswer {
  const isUpgrade = hasWord(headers.connection, "upgrade") && hasWord(headers.upgrade, "websocket");
  if (method !== "GET" || !isUpgrade) return { status: 400, headers: {} };
  if (headers["sec-websocket-version"] !== "13") {
    return { status: 426, headers: { "sec-websocket-version": "13" } };
  }
  const key = headers["sec-websocket-key"] ?? "";
  if (headers["sec-websocket-key"] === undefined) return { status: 400, headers: {} };
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

function hasWord(list: string | undefined, word: string): boolean {
  const words = (list ?? "").split(",").map((each) => each.trim().toLowerCase());
  return words.includes(word);
}
