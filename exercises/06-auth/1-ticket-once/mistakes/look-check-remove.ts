// A ticket is looked up, checked, and removed in the end: two who come at the same time both find it, and an expired one stays in the store.
// Fails: of two who come at once with the same ticket, one gets it
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Everything between the look and the removal is time for somebody else. Begin with the call that only one of them can win.
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
      const found = await store.get(hashOf(ticket));
      if (!found || now() >= found.expiresAt) return undefined;
      await store.delete(hashOf(ticket));
      return found.userId;
    },
  };
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
