import { outboxOf } from "./outboxes.ts";
import { type BoardClient, openBoardClient } from "./sync/board-client.ts";
import { browserTabs } from "./sync/tabs.ts";

/**
 * A board's client in a browser: what it has not sent is kept, and tabs share a connection.
 * @returns with it, whether what is kept survives the page
 */
export async function openBoardHere(
  boardId: string,
  userId: string,
  onSignedOut: () => void,
): Promise<{ client: BoardClient; isDurable: boolean }> {
  const outbox = await outboxOf(userId);
  const client = openBoardClient({ boardId, userId, outbox, tabs: browserTabs(), onSignedOut });
  return { client, isDurable: outbox.isDurable };
}
