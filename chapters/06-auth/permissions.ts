// Permissions that are in use: an answer is over in a moment, but a stream lives for hours, and what was true when it
// began may not be true any more.
import { CLOSE_CODES } from "../../shared/close-codes.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Why a permission has ended: what a socket is closed with, and the last thing that a stream says. */
export interface PermissionEnd {
  readonly code: number;
  readonly reason: string;
}

/** The right to go on: of one stream, socket or question that is kept open. */
export interface Permission {
  readonly userId: string;
  /** The boards that are followed under it. */
  readonly boards: Set<string>;
  /** Aborted when it ends; its `reason` is a `PermissionEnd`. */
  readonly signal: AbortSignal;
  /** Whether it holds at this moment. A session that has just expired ends it. */
  stillHolds(): boolean;
  /** Its connection is gone. */
  release(): void;
}

export interface Permissions {
  hold(session: Session, ...boardIds: string[]): Permission;
  /** Whether a user may hold one more. */
  mayHold(userId: string): boolean | Promise<boolean>;
  /** Somebody has signed out. */
  endSession(sessionId: string): void;
  /** Somebody is not a member any more. Call it after the commit and before anything else is sent. */
  revoke(userId: string, boardId: string): void;
  /** How many are in use. */
  readonly size: number;
}

/** How often expired sessions are looked for, in milliseconds. */
const LOOK_MS = 500;

/**
 * @param maxOfUser how many one user can hold at the same time: each of them costs memory
 * @param now the clock of the sessions, in milliseconds since 1970
 */
export function createPermissions(
  sessions: Pick<Sessions, "get">,
  maxOfUser: number,
  now: () => number = Date.now,
): Permissions {
  const held = new Map<
    Permission,
    { readonly session: Session; readonly end: (end: PermissionEnd) => void }
  >();
  const heldBy = new Map<string, number>();
  let looking: ReturnType<typeof setInterval> | undefined;

  function hold(session: Session, ...boardIds: string[]): Permission {
    const controller = new AbortController();
    const permission: Permission = {
      userId: session.userId,
      boards: new Set(boardIds),
      signal: controller.signal,
      stillHolds() {
        if (session.expiresAt <= now()) end(EXPIRED);
        return !controller.signal.aborted;
      },
      release() {
        if (!held.delete(permission)) return;
        count(session.userId, -1);
        if (held.size === 0) stopLooking();
      },
    };
    function end(why: PermissionEnd): void {
      permission.release();
      controller.abort(why);
    }
    held.set(permission, { session, end });
    count(session.userId, 1);
    looking ??= setInterval(endExpired, LOOK_MS);
    // It may have ended between the look at the credential and now.
    if (permission.stillHolds() && !sessions.get(session.id)) end(SIGNED_OUT);
    // Others of this user may have come between the question whether there is room and now.
    if ((heldBy.get(session.userId) ?? 0) > maxOfUser) end(TOO_MANY);
    return permission;
  }

  function count(userId: string, change: 1 | -1): void {
    const next = (heldBy.get(userId) ?? 0) + change;
    if (next > 0) heldBy.set(userId, next);
    else heldBy.delete(userId);
  }

  function stopLooking(): void {
    clearInterval(looking);
    looking = undefined;
  }

  function endWhere(
    isMeant: (permission: Permission, session: Session) => boolean,
    why: PermissionEnd,
  ): void {
    for (const [permission, { session, end }] of [...held]) if (isMeant(permission, session)) end(why);
  }

  /** One timer for all, and none of hours: a laptop that sleeps stops those. */
  function endExpired(): void {
    endWhere((_, { expiresAt }) => expiresAt <= now(), EXPIRED);
  }

  return {
    hold,
    mayHold: (userId) => (heldBy.get(userId) ?? 0) < maxOfUser,
    endSession(sessionId) {
      endWhere((_, { id }) => id === sessionId, SIGNED_OUT);
    },
    revoke(userId, boardId) {
      endWhere((permission) => permission.userId === userId && permission.boards.has(boardId), REMOVED);
    },
    get size() {
      return held.size;
    },
  };
}

// A reason fits into a close frame: 123 bytes. An id that somebody else has chosen may not.
const REMOVED: PermissionEnd = {
  code: CLOSE_CODES.notMember,
  reason: "You are not a member of this board any more.",
};
const SIGNED_OUT: PermissionEnd = { code: CLOSE_CODES.notSignedIn, reason: "You have signed out." };
const TOO_MANY: PermissionEnd = { code: CLOSE_CODES.tooMany, reason: "You have too many connections." };
const EXPIRED: PermissionEnd = {
  code: CLOSE_CODES.sessionExpired,
  reason: "Your session has expired: sign in again.",
};
