// What a node has in common with all others: the bus, the door, the counts, and who does what is to be done once.
import { randomUUID } from "node:crypto";
import type { Boards } from "../../shared/board.ts";
import type { AuthOptions } from "../06-auth/auth.ts";
import { type MembersOnly, NO_SUCH_BOARD } from "../06-auth/members-only.ts";
import { createLeader } from "./leader.ts";
import { createRedisBus } from "./redis-bus.ts";
import { ALONE, type RedisLink } from "./redis-link.ts";
import { createSharedAuth } from "./shared-auth.ts";
import { createSharedCounts } from "./shared-counts.ts";

export interface NodeOptions extends AuthOptions {
  /** What this node is called, for people. @default "node" */
  readonly nodeName?: string;
  /** What joins it to other nodes. @default nothing: it is alone */
  readonly redis?: RedisLink;
  /** How often the log is looked at without a hint, in milliseconds. @default 1000 */
  readonly lookMs?: number | undefined;
}

/** @param onLead is called again and again for as long as this node is the one that does what one alone may do */
export function joinNodes(
  { nodeName = "node", redis = ALONE, lookMs, ...options }: NodeOptions,
  boards: Boards,
  members: MembersOnly,
  onLead: () => void,
) {
  /** A node that is started again is another one: what the last one said of itself ends by itself. */
  const node = randomUUID();
  const bus = createRedisBus(boards, redis, { lookMs, onGap });
  const auth = createSharedAuth(options, redis, bus);
  const leader = createLeader(redis, "webhooks", node, onLead);

  /** What this node has not heard of may have been that somebody is no member any more. */
  function onGap(boardId: string): void {
    const isMember = (userId: string) => members.readAs(userId).head(boardId) !== NO_SUCH_BOARD;
    auth.permissions.revokeWhere(boardId, isMember);
  }

  return {
    node,
    nodeName,
    redis,
    bus,
    auth,
    counts: createSharedCounts(redis),
    isLeader: leader.isLeader,

    async close(): Promise<void> {
      await leader.close();
      await auth.close();
      bus.close();
      redis.close();
    },
  };
}
