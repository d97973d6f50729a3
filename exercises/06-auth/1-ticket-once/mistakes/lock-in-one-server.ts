// A server remembers which tickets it is redeeming: another server does not know, and both let somebody in with the same one.
// Fails: of two who come at once to two servers, one gets it
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A lock in the memory of one server says nothing to the next one. Let the store decide, which they share.
import { createHash, randomBytes } from "node:crypto";
import type { TicketOptions } from "../exercise.ts";

const TICKET_BYTES = 32;

export function createTickets({ store, lifetimeMs, now, random = randomBytes }: TicketOptions) {
  const underWay = new Set<string>();
  return {
    async issue(userId: string): Promise<string> {
      await store.deleteExpired(now());
      const ticket = random(TICKET_BYTES).toString("base64url");
      await store.put(hashOf(ticket), { userId, expiresAt: now() + lifetimeMs });
      return ticket;
    },

    async redeem(ticket: string): Promise<string | undefined> {
      const key = hashOf(ticket);
      if (underWay.has(key)) return undefined;
      underWay.add(key);
      try {
        const found = await store.get(key);
        await store.delete(key);
        return found && now() < found.expiresAt ? found.userId : undefined;
      } finally {
        underWay.delete(key);
      }
    },
  };
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
