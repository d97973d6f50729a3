// Grows ../06-auth/tickets.ts: a ticket that one node issues opens a socket on any of them, and still only one.
import { createHash, randomBytes } from "node:crypto";
import { createTickets, TICKET_LIFETIME_MS, type Tickets } from "../06-auth/tickets.ts";
import type { RedisLink } from "./redis-link.ts";

/** Named by its hash: whoever can read Redis cannot use what is in there. */
const keyOf = (ticket: string) => `ticket:${createHash("sha256").update(ticket).digest("hex")}`;

/** What begins like this only the node that has issued it can redeem: it was issued when Redis was away. */
const OWN = "own.";

export function createSharedTickets(redis: RedisLink, lifetimeMs = TICKET_LIFETIME_MS): Tickets {
  const ofThisNode = createTickets(lifetimeMs);
  return {
    lifetimeMs,

    async issue(sessionId) {
      const ticket = randomBytes(32).toString("base64url");
      try {
        await redis.ask((client) => client.set(keyOf(ticket), sessionId, { PX: lifetimeMs }));
        return ticket;
      } catch {
        return `${OWN}${await ofThisNode.issue(sessionId)}`;
      }
    },

    async redeem(ticket) {
      if (ticket.startsWith(OWN)) return ofThisNode.redeem(ticket.slice(OWN.length));
      try {
        // Read and removed in one step: of two nodes that ask at once, one gets it.
        return (await redis.ask((client) => client.getDel(keyOf(ticket)))) ?? undefined;
      } catch {
        // Nobody can say whether it was used, so it counts as used. The client asks for another one.
        return undefined;
      }
    },
  };
}
