// The sweep counts a lifetime too much: it takes tickets that are still good, and users who are a little slow cannot open a socket.
// Fails: tickets that nobody redeems are swept out
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The entries say when they expire, and not when they were issued. Which time is that to be compared with?
import { createHash, randomBytes } from "node:crypto";
import type { TicketOptions } from "../exercise.ts";

const TICKET_BYTES = 32;

export function createTickets({ store, lifetimeMs, now, random = randomBytes }: TicketOptions) {
  return {
    async issue(userId: string): Promise<string> {
      await store.deleteExpired(now() + lifetimeMs);
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
