// Grows ../06-auth/auth.ts: one door for all nodes.
import { type AuthOptions, createAuth, MAX_HELD_BY_USER } from "../06-auth/auth.ts";
import type { RedisBus } from "./redis-bus.ts";
import type { RedisLink } from "./redis-link.ts";
import { createSharedAllowances } from "./shared-allowances.ts";
import { createSharedPermissions } from "./shared-permissions.ts";
import { createSharedTickets } from "./shared-tickets.ts";

export function createSharedAuth(
  options: AuthOptions,
  redis: RedisLink,
  bus: Pick<RedisBus, "watch" | "watchPerson">,
) {
  const allowances = createSharedAllowances(redis, options.limits);
  const auth = createAuth({ allowances, tickets: createSharedTickets(redis), ...options });
  const permissions = createSharedPermissions(auth.permissions, auth.sessions, redis, bus, {
    maxOfUser: MAX_HELD_BY_USER,
  });

  async function close(): Promise<void> {
    allowances.close();
    await permissions.close();
  }
  return { ...auth, permissions, close };
}
