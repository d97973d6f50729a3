// A ticket stays in the store when it is redeemed: whoever finds the address in a log gets in for as long as it lives.
// Fails: a ticket works once
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Redeeming is more than looking. Nothing may be left for the next one who comes.
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
      return found && now() < found.expiresAt ? found.userId : undefined;
    },
  };
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
