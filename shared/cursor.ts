import { z } from "zod";
import type { Cursor } from "./events.ts";

/** A cursor as it came over the wire. The epoch is missing where a client sent only the number. */
export type SentCursor = { readonly epoch?: string; readonly seq: number };

/**
 * Reads `epoch:seq` or a bare `seq`.
 * @returns undefined when the text is neither
 */
export function parseCursor(text: string): SentCursor | undefined {
  const match = /^(?:([A-Za-z0-9]{1,32}):)?(\d{1,15})$/.exec(text);
  if (!match) return undefined;
  const [, epoch, digits] = match;
  const seq = Number(digits);
  return epoch === undefined ? { seq } : { epoch, seq };
}

/** Writes a cursor as `epoch:seq`. */
export function formatCursor({ epoch, seq }: Cursor): string {
  return `${epoch}:${seq}`;
}

/** The query `?after=CURSOR` that every way of following a board has. */
export const afterQuery = z.object({
  after: z.string().transform((text, context) => {
    const cursor = parseCursor(text);
    if (cursor) return cursor;
    context.addIssue({ code: "custom", message: "Not a cursor: send the seq of the last event you have" });
    return z.NEVER;
  }),
});
