import { createHash, randomBytes } from "node:crypto";
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

/** 256 bits: more than is needed, and they cost nothing. */
const TICKET_BYTES = 32;

/** Tickets that open one socket each. Several servers do this with the same store. */
export function createTickets({ store, lifetimeMs, now, random = randomBytes }: TicketOptions) {
  return {
    async issue(userId: string): Promise<string> {
      // Whoever never comes back with a ticket would otherwise leave it here for ever.
      await store.deleteExpired(now());
      const ticket = random(TICKET_BYTES).toString("base64url");
      await store.put(hashOf(ticket), { userId, expiresAt: now() + lifetimeMs });
      return ticket;
    },

    /** @returns the user's id, once; `undefined` for a ticket that is forged, used or expired */
    async redeem(ticket: string): Promise<string | undefined> {
      // To have removed it is to have won: the store does that for one of us. A look before would prove nothing.
      const found = await store.delete(hashOf(ticket));
      return found && now() < found.expiresAt ? found.userId : undefined;
    },
  };
}

// A fast hash is enough: nobody guesses 256 bits.
function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
