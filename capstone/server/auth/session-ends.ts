// Grows ../../../chapters/06-auth/permissions.ts: the store answers later, so this process remembers which sessions it has ended; and
// looks again and again at those in use, which may have been ended by another node.
import {
  createPermissions,
  type Permission,
  type Permissions,
} from "../../../chapters/06-auth/permissions.ts";
import type { RedisLink } from "../../../chapters/10-scaling/redis-link.ts";
import type { Credentials, Session } from "./credentials.ts";

/** The channel of sessions that have been ended. */
const ENDED = "sessions:ended";

/** Longer than any request can be under way between the look at its credential and its end, in milliseconds. */
const REMEMBERED_MS = 120_000;

export interface SessionEndsOptions {
  readonly credentials: Credentials;
  /** How many a user may hold on this node. */
  readonly maxOfUser: number;
  readonly redis: RedisLink;
  /** How often the sessions in use are looked at without a hint, in milliseconds. */
  readonly lookMs: number;
  readonly now: () => number;
}

export interface SessionEnds extends Permissions {
  /** Whether this process has ended it. */
  hasEnded(sessionId: string): boolean;
  close(): void;
}

export function createSessionEnds(options: SessionEndsOptions): SessionEnds {
  const { credentials, maxOfUser, redis, lookMs, now } = options;
  /** Session ids, and when they were ended. In that order. */
  const ended = new Map<string, number>();
  /** The permissions that are held under each session. */
  const inUse = new Map<string, { readonly expiresAt: number; count: number }>();
  const known = { get: (id: string) => (ended.has(id) ? undefined : SOMETHING) };
  const permissions = createPermissions(known, maxOfUser, now);
  let looking = false;

  function remember(sessionId: string): void {
    for (const [id, at] of ended) {
      if (now() - at < REMEMBERED_MS) break;
      ended.delete(id);
    }
    ended.set(sessionId, now());
  }

  function endHere(sessionId: string): void {
    remember(sessionId);
    permissions.endSession(sessionId);
  }

  function hold(session: Session, ...boardIds: string[]): Permission {
    const permission = permissions.hold(session, ...boardIds);
    const use = inUse.get(session.id) ?? { expiresAt: session.expiresAt, count: 0 };
    use.count += 1;
    inUse.set(session.id, use);
    let isReleased = false;
    const forget = () => {
      if (isReleased) return;
      isReleased = true;
      use.count -= 1;
      if (use.count === 0) inUse.delete(session.id);
    };
    if (permission.signal.aborted) forget();
    else permission.signal.addEventListener("abort", forget, { once: true });
    return {
      userId: permission.userId,
      boards: permission.boards,
      signal: permission.signal,
      stillHolds: permission.stillHolds,
      release() {
        permission.release();
        forget();
      },
    };
  }

  /** The store knows. One question at a time: a slow database is not asked more often for being slow. */
  async function look(): Promise<void> {
    if (looking || inUse.size === 0) return;
    looking = true;
    try {
      // What has expired is ended by the permissions themselves, who say so.
      const ids = [...inUse].filter(([, { expiresAt }]) => expiresAt > now()).map(([id]) => id);
      const live = await credentials.live(ids);
      for (const id of ids) if (!live.has(id)) endHere(id);
    } catch {
      // A database that does not answer now is asked again soon.
    } finally {
      looking = false;
    }
  }

  const timer = setInterval(look, lookMs);
  timer.unref();
  const forgetEnded = redis.listen(ENDED, (hint) => {
    // A hint can come from anybody who can reach Redis: whether it is true, the store says.
    if (hint === undefined || inUse.has(hint)) void look();
  });

  return {
    hold,
    mayHold: permissions.mayHold,
    revoke: permissions.revoke,
    hasEnded: (sessionId) => ended.has(sessionId),

    endSession(sessionId) {
      endHere(sessionId);
      redis.tell(ENDED, sessionId);
    },

    close() {
      clearInterval(timer);
      forgetEnded();
    },

    get size() {
      return permissions.size;
    },
  };
}

/** Only whether there is one is asked for. */
const SOMETHING = { id: "", userId: "", expiresAt: Number.POSITIVE_INFINITY };
