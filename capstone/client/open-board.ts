import { type BoardClient, openBoardClient } from "./sync/board-client.ts";
import { openOutbox } from "./sync/indexed-db-outbox.ts";
import type { Outbox } from "./sync/outbox.ts";
import { browserTabs } from "./sync/tabs.ts";

/** One for each user: all boards share it. */
const outboxes = new Map<string, Promise<Outbox>>();

/**
 * A board's client in a browser: what it has not sent is kept, and tabs share a connection.
 * @returns with it, whether what is kept survives the page
 */
export async function openBoardHere(
  boardId: string,
  userId: string,
  onSignedOut: () => void,
): Promise<{ client: BoardClient; isDurable: boolean }> {
  const opening = outboxes.get(userId) ?? openOutbox(userId);
  outboxes.set(userId, opening);
  const outbox = await opening;
  const client = openBoardClient({ boardId, userId, outbox, tabs: browserTabs(), onSignedOut });
  return { client, isDurable: outbox.isDurable };
}
