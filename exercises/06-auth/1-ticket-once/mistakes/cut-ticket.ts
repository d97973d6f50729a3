// Enough random bits are drawn, and then most of them are cut off: the ticket that users get can be guessed, and two can be the same.
// Fails: a ticket is made of 128 random bits or more, and all of them are in it
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A character of hexadecimal text holds four bits, one of base64 six. How many do you keep?
import { createHash, randomBytes } from "node:crypto";
import type { TicketOptions } from "../exercise.ts";

const TICKET_BYTES = 32;

export function createTickets({ store, lifetimeMs, now, random = randomBytes }: TicketOptions) {
  return {
    async issue(userId: string): Promise<string> {
      await store.deleteExpired(now());
      const ticket = random(TICKET_BYTES).toString("hex").slice(0, 16);
      await store.put(hashOf(ticket), { userId, expiresAt: now() + lifetimeMs });
      return ticket;
    },

    async redeem(ticket: string): Promise<string | undefined> {
      const found = await store.delete(hashOf(ticket));
      return found && now() < found.expiresAt ? found.userId : undefined;
    },
  };
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
