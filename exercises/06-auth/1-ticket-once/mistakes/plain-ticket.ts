// The store has the tickets as they are: whoever gets to read it, or a copy of it, opens sockets as anybody.
// Fails: what is in the store opens nothing
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The server does not need to know the ticket, only to recognise it. What did the sessions of the lesson store?
import { randomBytes } from "node:crypto";
import type { TicketOptions } from "../exercise.ts";

const TICKET_BYTES = 32;

export function createTickets({ store, lifetimeMs, now, random = randomBytes }: TicketOptions) {
  return {
    async issue(userId: string): Promise<string> {
      await store.deleteExpired(now());
      const ticket = random(TICKET_BYTES).toString("base64url");
      await store.put(ticket, { userId, expiresAt: now() + lifetimeMs });
      return ticket;
    },

    async redeem(ticket: string): Promise<string | undefined> {
      const found = await store.delete(ticket);
      return found && now() < found.expiresAt ? found.userId : undefined;
    },
  };
}
