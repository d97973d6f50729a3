// The outboxes that this page has open: one for each user, and all boards share it.
import { textOf } from "./sync/command-text.ts";
import { deleteOutbox, openOutbox } from "./sync/indexed-db-outbox.ts";
import type { Outbox } from "./sync/outbox.ts";

const opened = new Map<string, Promise<Outbox>>();

export function outboxOf(userId: string): Promise<Outbox> {
  const outbox = opened.get(userId) ?? openOutbox(userId);
  opened.set(userId, outbox);
  return outbox;
}

/** How many of the user's changes, on all boards, the server has not answered yet. */
export async function countWaiting(userId: string): Promise<number> {
  const entries = await (await outboxOf(userId)).entries();
  return entries.filter(({ state }) => state === "waiting" || state === "sent").length;
}

/** How many of the user's texts, on all boards, the server has refused: they are in no other place any more. */
export async function countRefusedTexts(userId: string): Promise<number> {
  const entries = await (await outboxOf(userId)).entries();
  return entries.filter(({ state, command }) => state === "refused" && textOf(command) !== undefined).length;
}

/** From now on nothing is written into it. Whoever opens it again gets another one. */
export async function closeOutbox(userId: string): Promise<void> {
  const outbox = opened.get(userId);
  opened.delete(userId);
  await (await outbox)?.close();
}

/** Closes it, and throws away what is in it: changes that wait and the boards as they were last seen. */
export async function forgetOutbox(userId: string): Promise<void> {
  await closeOutbox(userId);
  await deleteOutbox(userId);
}
