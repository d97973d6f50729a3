// The word websocket has to be written small: clients that write WebSocket in Upgrade get no socket.
// Fails: the case of the letters does not matter
// Lesson: chapters/04-websockets/README.md#what-goes-over-the-wire
// Hint: Both headers are lists of words without a case. Which of them do you read with it?
import { createHash } from "node:crypto";
import type { HandshakeAnswer, HandshakeRequest } from "../exercise.ts";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export function answerHandshake({ method, headers }: HandshakeRequest): HandshakeAnswer {
  const isUpgrade =
    hasWord(headers.connection?.toLowerCase(), "upgrade") && hasWord(headers.upgrade, "websocket");
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
    .digest("base64");
}

function hasWord(list: string | undefined, word: string): boolean {
  const words = (list ?? "").split(",").map((each) => each.trim());
  return words.includes(word);
}
