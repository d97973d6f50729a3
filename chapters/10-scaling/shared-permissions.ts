// Grows ../06-auth/permissions.ts: whoever holds one watches its boards, holds it against one limit on all nodes, and loses it
// when the session is ended on another node.
import { randomUUID } from "node:crypto";
import type { Permission, Permissions } from "../06-auth/permissions.ts";
import type { Sessions } from "../06-auth/sessions.ts";
import { inTurns } from "./in-turns.ts";
import type { RedisBus } from "./redis-bus.ts";
import type { RedisLink } from "./redis-link.ts";
import { createRedisScript } from "./redis-script.ts";

export interface SharedPermissionsSettings {
  /** How many a user may hold, on all nodes together. */
  readonly maxOfUser: number;
  /** A place that is not renewed is free again, in milliseconds: its node has crashed. @default 30000 */
  readonly leaseMs?: number;
  /** How often the sessions in use are looked at without a hint, in milliseconds. @default 1000 */
  readonly lookMs?: number;
}

export interface SharedPermissions extends Permissions {
  /** Ends the permissions of those who are no members of a board any more. */
  revokeWhere(boardId: string, isMember: (userId: string) => boolean): void;
  /** Gives back all places, so that whoever was connected here finds one on another node. */
  close(): Promise<void>;
}

interface Held {
  readonly permission: Permission;
  readonly sessionId: string;
  readonly place: string;
}

/** The channel of sessions that have been ended. */
const ENDED = "sessions:ended";

/** How long a place waits for who has asked for it, in milliseconds. The handshake may have failed. */
const COME_WITHIN_MS = 3_000;

const placesOf = (userId: string) => `places:${userId}`;

/** In one step: of two nodes that ask for the last place, one gets it. ARGV: the place, for how long, how many there are. */
const takePlace = createRedisScript(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 1
`);

/** ARGV: for how long, the places. */
const keepPlaces = createRedisScript(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
`);

export function createSharedPermissions(
  permissions: Permissions,
  sessions: Pick<Sessions, "get">,
  redis: RedisLink,
  bus: Pick<RedisBus, "watch" | "watchPerson">,
  { maxOfUser, leaseMs = 30_000, lookMs = 1_000 }: SharedPermissionsSettings,
): SharedPermissions {
  const held = new Set<Held>();
  /** Places that were taken for somebody who is about to hold a permission. */
  const taken = new Map<string, readonly string[]>();

  /** The question takes a place, which the next `hold` has: two who ask at the same time do not get the same one. */
  async function mayHold(userId: string): Promise<boolean> {
    if (!(await permissions.mayHold(userId))) return false;
    const place = randomUUID();
    try {
      if (!(await takePlace(redis, [placesOf(userId)], place, leaseMs, maxOfUser))) return false;
      taken.set(userId, [...(taken.get(userId) ?? []), place]);
      setTimeout(giveBack, COME_WITHIN_MS, userId, place).unref();
    } catch {
      // Without Redis the limit holds on each node by itself. Nobody is locked out.
    }
    return true;
  }

  /** Nobody has come for it. */
  function giveBack(userId: string, place: string): void {
    if (!taken.get(userId)?.includes(place)) return;
    setTaken(
      userId,
      taken.get(userId)?.filter((each) => each !== place),
    );
    void free(userId, [place]);
  }

  function setTaken(userId: string, places: readonly string[] = []): void {
    if (places.length > 0) taken.set(userId, places);
    else taken.delete(userId);
  }

  function placeFor(userId: string): string {
    const [first, ...others] = taken.get(userId) ?? [];
    setTaken(userId, others);
    return first ?? randomUUID();
  }

  /** Without an answer they are free when their lease ends. */
  async function free(userId: string, places: readonly string[]): Promise<void> {
    await redis.ask((client) => client.zRem(placesOf(userId), [...places])).catch(() => {});
  }

  const hold: Permissions["hold"] = (session, ...boardIds) => {
    const permission = permissions.hold(session);
    const boards = new WatchedBoards(permission.boards, bus.watch);
    for (const boardId of boardIds) boards.add(boardId);
    const mine: Held = { permission, sessionId: session.id, place: placeFor(session.userId) };
    const unwatchPerson = bus.watchPerson(session.userId);
    held.add(mine);
    return {
      userId: permission.userId,
      signal: permission.signal,
      stillHolds: () => permission.stillHolds(),
      boards,
      release() {
        permission.release();
        boards.clear();
        if (!held.delete(mine)) return;
        unwatchPerson();
        void free(session.userId, [mine.place]);
      },
    };
  };

  /** Another node may have ended it: the database knows. */
  function look(sessionId: string): void {
    if (!sessions.get(sessionId)) permissions.endSession(sessionId);
  }

  const sessionsInUse = () => new Set([...held].map(({ sessionId }) => sessionId));

  function lookAtAll(): void {
    for (const sessionId of sessionsInUse()) look(sessionId);
  }

  /** The places of each user. */
  function placesInUse(): Map<string, string[]> {
    const places = new Map<string, string[]>();
    for (const { permission, place } of held) {
      const ofUser = places.get(permission.userId);
      if (ofUser) ofUser.push(place);
      else places.set(permission.userId, [place]);
    }
    return places;
  }

  async function keep([userId, places]: readonly [string, readonly string[]]): Promise<void> {
    await keepPlaces(redis, [placesOf(userId)], leaseMs, ...places).catch(() => {});
  }

  async function keepAll(): Promise<void> {
    for (const places of placesInUse()) await keep(places);
  }

  const stopLooking = redis.isAlone ? () => {} : inTurns(lookMs, sessionsInUse, look);
  const stopKeeping = inTurns(leaseMs / 3, placesInUse, keep);
  const forgetUp = redis.onUp(keepAll);
  const forgetEnded = redis.listen(ENDED, (hint) => (hint === undefined ? lookAtAll() : look(hint)));

  return {
    hold,
    mayHold,
    endSession(sessionId) {
      permissions.endSession(sessionId);
      redis.tell(ENDED, sessionId);
    },
    revoke: permissions.revoke,
    revokeWhere(boardId, isMember) {
      const holders = [...held].filter(({ permission }) => permission.boards.has(boardId));
      for (const userId of new Set(holders.map(({ permission }) => permission.userId))) {
        if (!isMember(userId)) permissions.revoke(userId, boardId);
      }
    },
    async close() {
      stopLooking();
      stopKeeping();
      forgetUp();
      forgetEnded();
      const places = [...placesInUse(), ...taken];
      held.clear();
      taken.clear();
      await Promise.all(places.map(([userId, ofUser]) => free(userId, ofUser)));
    },
    get size() {
      return permissions.size;
    },
  };
}

/** The boards of a permission. What is added is watched, for as long as it is in here. */
class WatchedBoards extends Set<string> {
  readonly #boards: Set<string>;
  readonly #watch: (boardId: string) => () => void;
  readonly #stops = new Map<string, () => void>();

  constructor(boards: Set<string>, watch: (boardId: string) => () => void) {
    super();
    this.#boards = boards;
    this.#watch = watch;
  }

  override add(boardId: string): this {
    if (!this.has(boardId)) this.#stops.set(boardId, this.#watch(boardId));
    this.#boards.add(boardId);
    return super.add(boardId);
  }

  override delete(boardId: string): boolean {
    this.#stops.get(boardId)?.();
    this.#stops.delete(boardId);
    this.#boards.delete(boardId);
    return super.delete(boardId);
  }

  override clear(): void {
    for (const boardId of [...this]) this.delete(boardId);
  }
}
