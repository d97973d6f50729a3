// The accept key is written in hexadecimal: every browser drops the connection, and no socket ever opens.
// Fails: the example of the standard is answered with 101 and the accept key
// Lesson: chapters/04-websockets/README.md#what-goes-over-the-wire
// Hint: The hash is right, and its spelling is not. Look at which characters the accept key of the lesson is made of.
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
  if (!/^[+/0-9A-Za-z]{22}==$/.test(key)) return { status: 400, headers: {} };
  return {
    status: 101,
    headers: { upgrade: "websocket", connection: "Upgrade", "sec-websocket-accept": acceptKey(key) },
  };
}

function acceptKey(key: string): string {
  return createHash("sha1")
    .update(key + MAGIC)
    .digest("hex");
}

function hasWord(list: string | undefined, word: string): boolean {
  const words = (list ?? "").split(",").map((each) => each.trim().toLowerCase());
  return words.includes(word);
}
