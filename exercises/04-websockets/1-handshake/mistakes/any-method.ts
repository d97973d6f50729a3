// The method is not looked at: a POST, which may come with a body, becomes a socket, and the body is read as frames.
// Fails: a socket cannot be opened with a POST
// Lesson: chapters/04-websockets/README.md#the-idea
// Hint: Which methods have a body, and who would read it after the 101?
import { createHash } from "node:crypto";
import type { HandshakeAnswer, HandshakeRequest } from "../exercise.ts";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export function answerHandshake({ headers }: HandshakeRequest): HandshakeAnswer {
  const isUpgrade = hasWord(headers.connection, "upgrade") && hasWord(headers.upgrade, "websocket");
  if (!isUpgrade) return { status: 400, headers: {} };
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
    .digest("base64");
}

function hasWord(list: string | undefined, word: string): boolean {
  const words = (list ?? "").split(",").map((each) => each.trim().toLowerCase());
  return words.includes(word);
}
