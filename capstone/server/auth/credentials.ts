// Grows ../../../chapters/06-auth/sessions.ts: sessions of an asynchronous store, and API tokens, which are used like sessions.
import type { ApiToken, Store, StoredSession } from "../store/store.ts";
import { hashSecret, newSecret } from "./secrets.ts";

export interface Session {
  /** The token's hash: names the session, and opens nothing. */
  readonly id: string;
  readonly userId: string;
  /** Milliseconds since 1970. Infinity for an API token. */
  readonly expiresAt: number;
  /** Whether it may change something. */
  readonly scope: "read" | "write";
}

/** API tokens begin with it, so that programs which look for secrets in code find them. */
export const TOKEN_PREFIX = "rtb_";

const OF_TOKEN = "token:";

/** What the session of an API token is called. No user id contains a colon. */
export const sessionIdOfToken = (userId: string, tokenId: string) => `${OF_TOKEN}${userId}:${tokenId}`;

export const isOfToken = ({ id }: Pick<Session, "id">) => id.startsWith(OF_TOKEN);

export type Credentials = ReturnType<typeof createCredentials>;

/**
 * @param lifetimeMs how long a session lasts, in milliseconds
 * @param now the clock, in milliseconds since 1970
 */
export function createCredentials(store: Store, lifetimeMs: number, now: () => number) {
  function ofStored({ id, userId, expiresAt }: StoredSession): Session {
    return { id, userId, expiresAt, scope: "write" };
  }

  function ofToken({ id, userId, scope }: ApiToken): Session {
    return { id: sessionIdOfToken(userId, id), userId, expiresAt: Number.POSITIVE_INFINITY, scope };
  }

  async function ofTokenId(sessionId: string): Promise<Session | undefined> {
    const [userId = "", tokenId] = sessionId.slice(OF_TOKEN.length).split(":", 2);
    const token = (await store.tokensOf(userId)).find(({ id }) => id === tokenId);
    return token && ofToken(token);
  }

  /** @returns undefined when the session has ended or expired, or the token was deleted */
  async function find(sessionId: string): Promise<Session | undefined> {
    if (sessionId.startsWith(OF_TOKEN)) return ofTokenId(sessionId);
    const stored = await store.session(sessionId, now());
    return stored && ofStored(stored);
  }

  return {
    lifetimeMs,
    find,

    /** Always a new token: one that somebody else put into the browser is worth nothing after a sign-in. */
    async create(userId: string): Promise<{ token: string; session: Session }> {
      const token = newSecret(32);
      const stored = { id: hashSecret(token), userId, expiresAt: now() + lifetimeMs };
      await store.createSession(stored);
      return { token, session: ofStored(stored) };
    },

    /** Of what is in the cookie. @returns undefined for what is forged, ended or expired */
    async byCookie(token: string): Promise<Session | undefined> {
      const stored = await store.session(hashSecret(token), now());
      return stored && ofStored(stored);
    },

    /** Of an API token. */
    async byToken(token: string): Promise<Session | undefined> {
      if (!token.startsWith(TOKEN_PREFIX)) return undefined;
      const found = await store.tokenByHash(hashSecret(token), now());
      return found && ofToken(found);
    },

    /** Which of these still hold. */
    async live(ids: readonly string[]): Promise<ReadonlySet<string>> {
      const ofTokens = ids.filter((id) => id.startsWith(OF_TOKEN));
      const live = new Set(
        await store.liveSessions(
          ids.filter((id) => !id.startsWith(OF_TOKEN)),
          now(),
        ),
      );
      for (const id of ofTokens) if (await ofTokenId(id)) live.add(id);
      return live;
    },
  };
}
