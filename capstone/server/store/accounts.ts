// Users, what they have signed in with, and the tokens of their programs.
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import { CAPS } from "./caps.ts";
import type { ApiToken, StoredSession, User } from "./store.ts";

/** A token's last use is known to the hour: it is not worth a commit for each request. */
const HOUR_MS = 3_600_000;

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string | null;
}

/** Writing is to be called in a transaction. */
export function createAccounts(database: Database, now: () => number) {
  const selectUser = database.prepare<[string], UserRow>(
    "SELECT id, name, password_hash AS passwordHash FROM users WHERE id = ?",
  );
  const insertUser = database.prepare("INSERT INTO users (id, name, password_hash) VALUES (?, ?, ?)");
  const updatePassword = database.prepare("UPDATE users SET password_hash = ? WHERE id = ?");

  const insertSession = database.prepare(
    "INSERT INTO sessions (id_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
  );
  const removeExpired = database.prepare("DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?");
  const selectSession = database.prepare<[string, number], StoredSession>(
    `SELECT id_hash AS id, user_id AS userId, expires_at AS expiresAt FROM sessions
     WHERE id_hash = ? AND expires_at > ?`,
  );
  const removeSession = database.prepare("DELETE FROM sessions WHERE id_hash = ?");
  const removeOthers = database
    .prepare<[string, string], string>(
      "DELETE FROM sessions WHERE user_id = ? AND id_hash <> ? RETURNING id_hash",
    )
    .pluck();

  const TOKEN = "id, user_id AS userId, name, scope, created_at AS createdAt, last_used_at AS lastUsedAt";
  const insertToken = database.prepare<[ApiToken & { hash: string }]>(
    `INSERT INTO api_tokens (id, hash, user_id, name, scope, created_at, last_used_at)
     VALUES (@id, @hash, @userId, @name, @scope, @createdAt, @lastUsedAt)`,
  );
  const tokenByHash = database.prepare<[string], ApiToken>(`SELECT ${TOKEN} FROM api_tokens WHERE hash = ?`);
  const tokensOf = database.prepare<[string], ApiToken>(
    `SELECT ${TOKEN} FROM api_tokens WHERE user_id = ? ORDER BY created_at, id`,
  );
  const markUsed = database.prepare("UPDATE api_tokens SET last_used_at = ? WHERE id = ?");
  const removeToken = database.prepare("DELETE FROM api_tokens WHERE user_id = ? AND id = ?");

  return {
    createUser({ id, name, passwordHash }: User): Refusal | undefined {
      if (selectUser.get(id)) return new Refusal("exists", "This user name is taken.");
      insertUser.run(id, name, passwordHash ?? null);
      return undefined;
    },
    user(userId: string): User | undefined {
      const row = selectUser.get(userId);
      return row && { ...row, passwordHash: row.passwordHash ?? undefined };
    },
    setPassword: (userId: string, hash: string) => void updatePassword.run(hash, userId),

    createSession({ id, userId, expiresAt }: StoredSession): void {
      removeExpired.run(userId, now());
      insertSession.run(id, userId, now(), expiresAt);
    },
    session: (id: string, at: number): StoredSession | undefined => selectSession.get(id, at),
    endSession: (id: string) => void removeSession.run(id),
    endOtherSessions: (userId: string, id: string): readonly string[] => removeOthers.all(userId, id),

    createToken(token: ApiToken, hash: string): Refusal | undefined {
      if (tokensOf.all(token.userId).length >= CAPS.tokens) {
        return new Refusal("limit_reached", `A user has at most ${CAPS.tokens} tokens.`);
      }
      insertToken.run({ ...token, hash });
      return undefined;
    },
    tokenByHash: (hash: string): ApiToken | undefined => tokenByHash.get(hash),
    tokensOf: (userId: string): readonly ApiToken[] => tokensOf.all(userId),
    isUseNews: ({ lastUsedAt }: ApiToken, at: number) => lastUsedAt === null || hourOf(at) > lastUsedAt,
    markUsed: (id: string, at: number) => void markUsed.run(hourOf(at), id),
    deleteToken: (userId: string, id: string): boolean => removeToken.run(userId, id).changes > 0,
  };
}

export function hourOf(at: number): number {
  return at - (at % HOUR_MS);
}
