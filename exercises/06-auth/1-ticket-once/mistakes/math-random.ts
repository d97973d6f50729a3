// A ticket comes from Math.random: whoever has seen a few can work out the next ones, and open sockets as somebody else.
// Fails: a ticket is made of 128 random bits or more, and all of them are in it
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Math.random is made for games and not for secrets. Everything in the ticket should come from `random`.
import { createHash } from "node:crypto";
import type { TicketOptions } from "../exercise.ts";

export function createTickets({ store, lifetimeMs, now }: TicketOptions) {
  return {
    async issue(userId: string): Promise<string> {
      await store.deleteExpired(now());
      const ticket = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
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
