// Where a browser connects to: an address with a ticket, which is asked for before each attempt.
import { Stop } from "./reconnecting-socket.ts";

/**
 * Asks for a ticket. A WebSocket that is refused does not say why, and a request does.
 * @param userId whose socket it has to be
 */
export async function ticketAddress(userId: string | undefined, signal: AbortSignal): Promise<URL | Stop> {
  const answer = await fetch("/tickets", { method: "POST", signal });
  if (answer.status === 401) return new Stop("You are not signed in any more: sign in again.");
  if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
  const { ticket, userId: mine } = await answer.json();
  // The cookie belongs to all tabs of this browser, and another one may have signed in somebody else.
  if (userId !== undefined && mine !== userId) return new Stop(`This browser is signed in as ${mine} now.`);
  const url = new URL(`/ws?ticket=${ticket}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}
