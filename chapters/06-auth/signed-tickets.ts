// Grows ./tickets.ts: tickets that say themselves what they stand for, so that whoever has the key can check them.
import { randomUUID } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { TICKET_LIFETIME_MS, type Tickets } from "./tickets.ts";

const ALGORITHM = "HS256";

/** Whom these are meant for. The same key may sign other things, and those must not open a socket. */
const AUDIENCE = "socket";

/**
 * Tickets as JSON Web Tokens.
 *
 * @param key 256 random bits, shared by all who issue or redeem
 * @param now the clock, in milliseconds since 1970
 * @see https://www.rfc-editor.org/rfc/rfc8725 what goes wrong with JWTs
 */
export function createSignedTickets(
  key: Uint8Array,
  lifetimeMs = TICKET_LIFETIME_MS,
  now: () => number = Date.now,
): Tickets {
  // RFC 7518, section 3.2: a key as long as the hash.
  if (key.length < 32) throw new RangeError("The key of signed tickets has at least 32 bytes.");
  /** What was redeemed, and until when it has to be remembered. */
  const used = new Map<string, number>();

  return {
    lifetimeMs,

    issue: (sessionId) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM })
        .setAudience(AUDIENCE)
        .setJti(randomUUID())
        .setIssuedAt(new Date(now()))
        .setExpirationTime(new Date(now() + lifetimeMs))
        .sign(key),

    async redeem(ticket) {
      try {
        const { payload } = await jwtVerify(ticket, key, {
          // Ours, and not what the token asks for: it could ask for "none".
          algorithms: [ALGORITHM],
          audience: AUDIENCE,
          requiredClaims: ["sid", "jti", "exp"],
          currentDate: new Date(now()),
        });
        return useOnce(String(payload.jti), Number(payload.exp)) ? String(payload.sid) : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };

  /** A signature does not know that it was shown before. Somebody has to remember, until the ticket expires. */
  function useOnce(id: string, expiresAtSeconds: number): boolean {
    // Once more: it may have expired while it was checked, and then nobody remembers whether it was used.
    if (expiresAtSeconds * 1_000 <= now()) return false;
    for (const [each, expiresAt] of used) if (expiresAt * 1_000 <= now()) used.delete(each);
    if (used.has(id)) return false;
    used.set(id, expiresAtSeconds);
    return true;
  }
}
