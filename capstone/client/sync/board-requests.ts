// What is asked before a board can be followed.
import type { Snapshot } from "../../board/events.ts";
import type { Server } from "./requests.ts";
import { endOf } from "./transports/refused.ts";
import type { End } from "./transports/transport.ts";

/**
 * Whether this browser is signed in as a user. The cookie belongs to all of its tabs, and another one may have signed in somebody else.
 * @returns undefined when it is. Rejects when there was no answer.
 */
export async function checkUser(
  server: Server,
  userId: string,
  signal: AbortSignal,
): Promise<End | undefined> {
  const response = await server.fetch(`${server.baseUrl}/session`, { cache: "no-store", signal });
  if (!response.ok) return response.status === 404 ? undefined : endOf(response);
  const { userId: mine } = (await response.json()) as { userId?: string };
  if (mine === userId || mine === undefined) return undefined;
  return { kind: "signed-out", reason: `This browser is signed in as ${mine} now.` };
}

/** Rejects when there was no answer. */
export async function fetchSnapshot(
  server: Server,
  boardId: string,
  signal: AbortSignal,
): Promise<Snapshot | End> {
  const url = `${server.baseUrl}/boards/${encodeURIComponent(boardId)}`;
  const response = await server.fetch(url, { cache: "no-store", signal });
  if (!response.ok) return endOf(response) ?? { kind: "away", unreachable: true };
  return (await response.json()) as Snapshot;
}
