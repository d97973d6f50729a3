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
  /** Its connection is gone. */
  release(): void;
}

export type Permissions = ReturnType<typeof createPermissions>;

/** How often it is looked for sessions that have expired, in milliseconds. */
const LOOK_MS = 500;

/** @param now the clock of the sessions, in milliseconds since 1970 */
export function createPermissions(sessions: Sessions, now: () => number = Date.now) {
  const held = new Map<
    Permission,
    { readonly session: Session; readonly end: (end: PermissionEnd) => void }
  >();
  let looking: ReturnType<typeof setInterval> | undefined;

  function hold(session: Session, ...boardIds: string[]): Permission {
    const controller = new AbortController();
    const permission: Permission = {
      userId: session.userId,
      boards: new Set(boardIds),
      signal: controller.signal,
      release() {
        held.delete(permission);
        if (held.size === 0) stopLooking();
      },
    };
    function end(why: PermissionEnd): void {
      permission.release();
      controller.abort(why);
    }
    held.set(permission, { session, end });
    looking ??= setInterval(endExpired, LOOK_MS);
    // It may have ended between the look at the credential and now.
    if (!sessions.get(session.id)) end(SIGNED_OUT);
    return permission;
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
    /** Somebody has signed out. */
    endSession(sessionId: string): void {
      endWhere((_, { id }) => id === sessionId, SIGNED_OUT);
    },
    /** Somebody is not a member any more. Call it after the commit and before anything else is sent. */
    revoke(userId: string, boardId: string): void {
      const why = { code: CLOSE_CODES.notMember, reason: `You are not a member of ${boardId} any more.` };
      endWhere((permission) => permission.userId === userId && permission.boards.has(boardId), why);
    },
    /** How many are in use. */
    get size(): number {
      return held.size;
    },
  };
}

const SIGNED_OUT: PermissionEnd = { code: CLOSE_CODES.notSignedIn, reason: "You have signed out." };
const EXPIRED: PermissionEnd = {
  code: CLOSE_CODES.sessionExpired,
  reason: "Your session has expired: sign in again.",
};
