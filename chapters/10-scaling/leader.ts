// One of the nodes does what must not be done by all of them. Which one, Redis knows: whoever has the lease.
import type { RedisLink } from "./redis-link.ts";
import { createRedisScript } from "./redis-script.ts";

export interface Leader {
  /** Whether this node may begin something now. What it has begun may outlast its lease, and overlap with the next leader's. */
  isLeader(): boolean;
  /** Leaves it to another one. */
  close(): Promise<void>;
}

/**
 * Takes the lease if nobody has it, or renews it. A Redis that has just started may have forgotten who has one, so nobody
 * gets one until that is over. KEYS: the lease; since when this Redis is asked. ARGV: the node, for how long.
 */
const takeLease = createRedisScript(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('SET', KEYS[2], now, 'NX')
  if now - redis.call('GET', KEYS[2]) < tonumber(ARGV[2]) then return 0 end
  local leader = redis.call('GET', KEYS[1])
  if leader and leader ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
`);

/** Nobody ends what is another node's. */
const endLease = createRedisScript(
  "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end",
);

/**
 * @param task what is to be done by one alone
 * @param node names this process
 * @param onTurn is called again and again for as long as this node is the leader
 * @param leaseMs when a leader is gone, another one follows after so long, in milliseconds
 */
export function createLeader(
  redis: RedisLink,
  task: string,
  node: string,
  onTurn: () => void,
  leaseMs = 5_000,
): Leader {
  const keys = [`leader:${task}`, `leader:${task}:since`];
  /** A time of `performance.now()`. A node that was frozen finds that it is over. */
  let leadsUntil = redis.isAlone ? Number.POSITIVE_INFINITY : 0;
  let isClosed = false;

  async function lead(): Promise<void> {
    // From before the question: the lease is over here before it is over in Redis.
    const until = performance.now() + leaseMs;
    const leads = await takeLease(redis, keys, node, leaseMs);
    // The lease was ended right behind this question.
    if (isClosed) return;
    leadsUntil = leads ? until : 0;
    if (leads) onTurn();
  }

  // Not before whoever has called this is ready.
  const first = redis.isAlone ? setImmediate(onTurn) : undefined;
  const leading = redis.isAlone ? undefined : setInterval(() => lead().catch(() => {}), leaseMs / 5);
  const forgetUp = redis.onUp(() => lead().catch(() => {}));

  return {
    isLeader: () => performance.now() < leadsUntil,
    async close() {
      clearImmediate(first);
      clearInterval(leading);
      forgetUp();
      isClosed = true;
      leadsUntil = 0;
      await endLease(redis, keys.slice(0, 1), node).catch(() => {});
    },
  };
}
