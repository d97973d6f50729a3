// Tickets: a credential for opening one socket, within seconds, once.
import { randomBytes } from "node:crypto";

export interface Tickets {
  /** In milliseconds. */
  readonly lifetimeMs: number;
  /** @param sessionId what the ticket stands for */
  issue(sessionId: string): string | Promise<string>;
  /** Works once. @returns the session's id; undefined for a ticket that is forged, used or too old */
  redeem(ticket: string): string | undefined | Promise<string | undefined>;
}

/** What a ticket lives, in milliseconds: long enough to open a socket, too short to be found in a log. */
export const TICKET_LIFETIME_MS = 10_000;

/**
 * Tickets that this process remembers: a random name for a session.
 * @param now the clock, in milliseconds
 */
export function createTickets(lifetimeMs = TICKET_LIFETIME_MS, now: () => number = Date.now): Tickets {
  const issued = new Map<string, { readonly sessionId: string; readonly expiresAt: number }>();

  /** They were issued in the order in which they expire, as long as nobody turns the clock. */
  function forgetExpired(): void {
    for (const [ticket, { expiresAt }] of issued) {
      if (expiresAt > now()) return;
      issued.delete(ticket);
    }
  }

  return {
    lifetimeMs,

    issue(sessionId) {
      forgetExpired();
      const ticket = randomBytes(32).toString("base64url");
      issued.set(ticket, { sessionId, expiresAt: now() + lifetimeMs });
      return ticket;
    },

    redeem(ticket) {
      forgetExpired();
      const found = issued.get(ticket);
      // Looked up and removed in one step: of two who come at once, one gets it.
      issued.delete(ticket);
      return found && found.expiresAt > now() ? found.sessionId : undefined;
    },
  };
}
