import { randomBytes } from "node:crypto";
import type { TicketStore } from "./ticket-store.ts";

export interface TicketOptions {
  readonly store: TicketStore;
  /** How long a ticket is good, in milliseconds. */
  readonly lifetimeMs: number;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** So many bytes that nobody can foretell. @default randomBytes of node:crypto */
  readonly random?: (bytes: number) => Buffer;
}

/** Tickets that open one socket each. Several servers do this with the same store. */
export function createTickets({ store, lifetimeMs, now, random = randomBytes }: TicketOptions) {
  return {
    async issue(userId: string): Promise<string> {
      // TODO: Sweep out the tickets that have expired.
      // TODO: Make a ticket of enough random bits.
      const ticket = `${userId}-${random(1).toString("hex")}`;
      // TODO: Keep its hash in the store, and not the ticket.
      await store.put(ticket, { userId, expiresAt: now() + lifetimeMs });
      return ticket;
    },

    /** @returns the user's id, once; `undefined` for a ticket that is forged, used or expired */
    async redeem(ticket: string): Promise<string | undefined> {
      // TODO: Let one of those who come with this ticket have it, in time.
      const found = await store.get(ticket);
      return found?.userId;
    },
  };
}
