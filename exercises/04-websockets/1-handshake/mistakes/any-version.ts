// The version is not looked at: a client of another version gets a socket, and both read frames that the other never wrote.
// Fails: a client of another version is told which one is spoken here
// Lesson: chapters/04-websockets/README.md#what-goes-over-the-wire
// Hint: The 101 says yes to everything in the request, and to its version too.
import { createHash } from "node:crypto";
import type { HandshakeAnswer, HandshakeRequest } from "../exercise.ts";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export function answerHandshake({ method, headers }: HandshakeRequest): HandshakeAnswer {
  const isUpgrade = hasWord(headers.connection, "upgrade") && hasWord(headers.upgrade, "websocket");
  if (method !== "GET" || !isUpgrade) return { status: 400, headers: {} };
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
    .digest("base64");
}

function hasWord(list: string | undefined, word: string): boolean {
  const words = (list ?? "").split(",").map((each) => each.trim().toLowerCase());
  return words.includes(word);
}
