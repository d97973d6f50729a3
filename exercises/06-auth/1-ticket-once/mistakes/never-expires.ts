// Nobody looks at the time when a ticket is redeemed: an address in yesterday's log still opens a socket.
// Fails: a ticket is good until its lifetime is over
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The sweep comes when the next ticket is issued, and that can be late. What does the store say about this ticket?
import { createHash, randomBytes } from "node:crypto";
import type { TicketOptions } from "../exercise.ts";

const TICKET_BYTES = 32;

export function createTickets({ store, lifetimeMs, now, random = randomBytes }: TicketOptions) {
  return {
    async issue(userId: string): Promise<string> {
      await store.deleteExpired(now());
      const ticket = random(TICKET_BYTES).toString("base64url");
      await store.put(hashOf(ticket), { userId, expiresAt: now() + lifetimeMs });
      return ticket;
    },

    async redeem(ticket: string): Promise<string | undefined> {
      const found = await store.delete(hashOf(ticket));
      return found?.userId;
    },
  };
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
