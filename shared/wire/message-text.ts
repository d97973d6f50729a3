import { type FrameHeader, OPCODES } from "./frame-decoder.ts";
import type { MessageKind } from "./message.ts";

/** What is kept of a body or a payload for the panel, in bytes. */
export const MAX_KEPT_BYTES = 16_384;

export function bodyLabel(kind: MessageKind, bytes: number, chunks: readonly number[]): string {
  const name = kind === "frame" ? "Payload" : kind === "bytes" ? "Bytes" : "Body";
  if (chunks.length === 0) return `${name}, ${bytes} bytes`;
  const sizes = chunks.slice(0, 5).map((size) => size.toString(16));
  const rest = chunks.length > sizes.length ? ", …" : "";
  const count = chunks.length === 1 ? "1 chunk" : `${chunks.length} chunks`;
  return `${name}, ${bytes} bytes in ${count} (hexadecimal ${sizes.join(", ")}${rest})`;
}

export function shorten(text: string, isCut: boolean): string {
  const shown = text.slice(0, MAX_KEPT_BYTES);
  return isCut || shown.length < text.length ? `${shown}\n… (the rest is not kept)` : shown;
}

export function frameName({ opcode, fin }: FrameHeader): string {
  const name = OPCODES[opcode] ?? `opcode ${opcode}`;
  return fin
    ? name
    : `${name}, first of several`.replace("continuation, first of several", "continuation, not the last");
}

export function frameFields({ fin, reserved, opcode, maskKey, length }: FrameHeader): string {
  const bits = reserved.map(Number).join("");
  return [
    `FIN ${Number(fin)}`,
    `RSV ${bits}`,
    `opcode ${opcode} (${OPCODES[opcode] ?? "reserved"})`,
    maskKey ? `MASK 1, key ${maskKey.toString("hex")}` : "MASK 0",
    `length ${length}`,
  ].join("\n");
}

/** RFC 6455, section 7.4.1, and the codes that were registered later. */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: "normal closure",
  1001: "going away",
  1002: "protocol error",
  1003: "unsupported data",
  1007: "invalid data",
  1008: "policy violation",
  1009: "message too big",
  1010: "extension missing",
  1011: "internal error",
  1012: "service restart",
  1013: "try again later",
};

export function closeText({ code, reason }: { code: number; reason: string }): string {
  const meaning = CLOSE_CODES[code];
  return [String(code), meaning && `(${meaning})`, reason].filter(Boolean).join(" ");
}
