// What the live part needs to know of who somebody is, and for how long.
import type { IncomingMessage } from "node:http";
import type { Permission, PermissionEnd } from "../../../chapters/06-auth/permissions.ts";

export type { Permission, PermissionEnd };

/** Of a cookie, a ticket or an API token. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Whether it may change something. */
  readonly scope: "read" | "write";
}

export interface LiveAuth {
  /** Who asks for a socket, decided before the 101. `"later"`: somebody who says it in the first message. */
  admitSocket(request: IncomingMessage): Promise<LiveSession | "later" | Response>;
  redeem(ticket: string): Promise<LiveSession | undefined>;
  readonly permissions: {
    hold(session: LiveSession, ...boardIds: string[]): Permission;
    mayHold(userId: string): boolean | Promise<boolean>;
    revoke(userId: string, boardId: string): void;
  };
  /** Counts a message. @returns 0, or the milliseconds until it is allowed. */
  messages(userId: string, address: string): number;
  /** Counts what somebody was sent who had missed it, in bytes. */
  charge(userId: string, bytes: number): void;
  /** @returns 0, or the milliseconds until what was counted by `charge` is paid for, and there may be more */
  debtMs(userId: string): number;
  addressOf(peer: string | undefined, forwardedFor: string | null): string;
}
