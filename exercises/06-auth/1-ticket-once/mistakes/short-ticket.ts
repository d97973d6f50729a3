// A ticket has 64 random bits: handy in an address, and half of what it takes to be safe from guessing.
// Fails: a ticket is made of 128 random bits or more, and all of them are in it
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Count in bits: one byte has eight of them. How many bytes are 128 bits?
import { createHash, randomBytes } from "node:crypto";
import type { TicketOptions } from "../exercise.ts";

const TICKET_BYTES = 8;

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
      return found && now() < found.expiresAt ? found.userId : undefined;
    },
  };
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex");
}
