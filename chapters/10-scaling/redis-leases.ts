// Who is on a board, over all nodes: a sorted set in which each entry ends by itself. Each change is one script, and Redis
// runs one script at a time: two nodes that let in the same person at the same moment cannot both be the first.
import { channelOf, PEOPLE } from "./redis-bus.ts";
import type { RedisLink } from "./redis-link.ts";
import { createRedisScript } from "./redis-script.ts";

/** What another node, or this one, says about a board. It holds until it ends, unless it is said again. */
export interface Lease {
  /** The node that says it. */
  readonly node: string;
  /** What it says, such as that Bob is here. */
  readonly subject: string;
  /** For how long it still holds, in milliseconds. */
  readonly forMs: number;
}

export interface Leases {
  readonly leases: readonly Lease[];
  /** When this Redis was first asked. If it changes, Redis has started anew and has forgotten everything. */
  readonly since: string;
}

/**
 * What all scripts begin with. The clock is that of Redis: those of the nodes differ. An entry is a node and a subject, with
 * a space between them, and its score is when it ends. A second key counts the nodes that say the same.
 */
const BEGIN = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local leases, counts, channel = KEYS[1], KEYS[2], ARGV[1]
  local hasChanged = false

  local function subjectOf(entry)
    return string.sub(entry, string.find(entry, ' ', 1, true) + 1)
  end

  local function forget(entry)
    if redis.call('ZREM', leases, entry) == 0 then return end
    local subject = subjectOf(entry)
    if redis.call('HINCRBY', counts, subject, -1) > 0 then return end
    redis.call('HDEL', counts, subject)
    hasChanged = true
  end

  for _, entry in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now)) do forget(entry) end
`;

/** And what they end with. A board on which nobody is any more leaves nothing behind, whoever has crashed. */
const END = `
  local last = redis.call('ZRANGE', leases, -1, -1, 'WITHSCORES')[2]
  if last then
    redis.call('PEXPIREAT', leases, last + 1000)
    redis.call('PEXPIREAT', counts, last + 1000)
  end
  if hasChanged then redis.call('PUBLISH', channel, '${PEOPLE}') end
`;

/** ARGV: the channel, for how long, the entries. */
const hold = createRedisScript(`${BEGIN}
  for i = 3, #ARGV do
    local isNew = not redis.call('ZSCORE', leases, ARGV[i])
    redis.call('ZADD', leases, now + ARGV[2], ARGV[i])
    if isNew and redis.call('HINCRBY', counts, subjectOf(ARGV[i]), 1) == 1 then hasChanged = true end
  end
${END}`);

/** ARGV: the channel, the entries. */
const drop = createRedisScript(`${BEGIN}
  for i = 2, #ARGV do forget(ARGV[i]) end
${END}`);

/** ARGV: the channel. In KEYS[3] is when this Redis was asked for the first time. */
const read = createRedisScript(`${BEGIN}${END}
  redis.call('SET', KEYS[3], now, 'NX')
  local entries = redis.call('ZRANGE', leases, 0, -1, 'WITHSCORES')
  for i = 2, #entries, 2 do entries[i] = tostring(entries[i] - now) end
  return { redis.call('GET', KEYS[3]), entries }
`);

export type RedisLeases = ReturnType<typeof createRedisLeases>;

/** @param node names this process, and no other before or after it */
export function createRedisLeases(redis: RedisLink, node: string) {
  const keysOf = (boardId: string) => [`leases:${boardId}`, `counts:${boardId}`];
  const entryOf = (subject: string) => `${node} ${subject}`;

  return {
    node,

    /** This node says, or still says, so. It holds for so long, in milliseconds. */
    async hold(boardId: string, forMs: number, subjects: readonly string[]): Promise<void> {
      await hold(redis, keysOf(boardId), channelOf(boardId), forMs, ...subjects.map(entryOf));
    },

    /** This node does not say so any more. */
    async drop(boardId: string, subjects: readonly string[]): Promise<void> {
      await drop(redis, keysOf(boardId), channelOf(boardId), ...subjects.map(entryOf));
    },

    /** What all nodes say. What is over is removed first, by whoever looks: so a node that has crashed needs nobody else. */
    async read(boardId: string): Promise<Leases> {
      const keys = [...keysOf(boardId), "since"];
      const [since, entries] = (await read(redis, keys, channelOf(boardId))) as [string, string[]];
      const leases: Lease[] = [];
      for (let index = 0; index < entries.length; index += 2) {
        const [node = "", ...subject] = (entries[index] ?? "").split(" ");
        leases.push({ node, subject: subject.join(" "), forMs: Number(entries[index + 1]) });
      }
      return { leases, since };
    },
  };
}
