// Sessions: what a sign-in leaves behind. The client holds a random token; the database holds its hash.
import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../../shared/database.ts";

export interface Session {
  /** The token's hash: names the session, and opens nothing. */
  readonly id: string;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export type Sessions = ReturnType<typeof createSessions>;

/**
 * @param lifetimeMs how long a session lasts, in milliseconds
 * @param now the clock, in milliseconds since 1970
 */
export function createSessions(
  database: Database,
  lifetimeMs: number = 12 * 3_600_000,
  now: () => number = Date.now,
) {
  const insert = database.prepare(
    "INSERT INTO sessions (id_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
  );
  const select = database.prepare<[string, number], Session>(
    "SELECT id_hash AS id, user_id AS userId, expires_at AS expiresAt FROM sessions WHERE id_hash = ? AND expires_at > ?",
  );
  const remove = database.prepare("DELETE FROM sessions WHERE id_hash = ?");
  const removeExpired = database.prepare("DELETE FROM sessions WHERE expires_at <= ?");

  return {
    lifetimeMs,

    /** Always a new token: one that somebody else put into the browser is worth nothing after a sign-in. */
    create(userId: string): { token: string; session: Session } {
      const token = randomBytes(32).toString("base64url");
      const session = { id: hash(token), userId, expiresAt: now() + lifetimeMs };
      removeExpired.run(now());
      insert.run(session.id, userId, now(), session.expiresAt);
      return { token, session };
    },

    /** @returns undefined for a token that is forged, ended or expired */
    find: (token: string): Session | undefined => select.get(hash(token), now()),

    /** @returns undefined when the session has ended or expired */
    get: (id: string): Session | undefined => select.get(id, now()),

    end(id: string): void {
      remove.run(id);
    },
  };
}

/** Fast on purpose: 256 random bits cannot be guessed, whatever one guess costs. Passwords are another matter. */
function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
