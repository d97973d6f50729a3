import { type BoardClient, openBoardClient } from "./sync/board-client.ts";
import { openOutbox } from "./sync/indexed-db-outbox.ts";
import type { Outbox } from "./sync/outbox.ts";
import { browserTabs } from "./sync/tabs.ts";

/** One for each user: all boards share it. */
const outboxes = new Map<string, Promise<Outbox>>();

/** A board's client in a browser: what it has not sent is kept, and tabs share a connection. */
export async function openBoardHere(
  boardId: string,
  userId: string,
  onSignedOut: () => void,
): Promise<BoardClient> {
  const outbox = outboxes.get(userId) ?? openOutbox(userId);
  outboxes.set(userId, outbox);
  return openBoardClient({ boardId, userId, outbox: await outbox, tabs: browserTabs(), onSignedOut });
}
