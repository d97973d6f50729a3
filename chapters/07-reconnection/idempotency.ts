// What a command with a key was answered, so that whoever has not heard the answer can ask again.
import { createHash } from "node:crypto";
import type { Database } from "../../shared/database.ts";

/** An answer as a value: what a route sends as a response, and a socket as a message. */
export interface Answer {
  readonly status: number;
  /** JSON. Undefined for an answer without a body. */
  readonly body?: unknown;
}

/** How long answers are kept, in milliseconds. Whoever repeats a command later may have it carried out twice. */
const KEPT_MS = 24 * 3_600_000;

/** Somebody waits for the transaction that it is done in. */
const SWEPT_AT_ONCE = 1_000;

interface Row {
  readonly requestHash: string;
  readonly status: number;
  readonly body: string;
}

/** @param now the clock, in milliseconds since 1970 */
export function createIdempotency(database: Database, now: () => number = Date.now) {
  const select = database.prepare<[string, string], Row>(
    "SELECT request_hash AS requestHash, status, body FROM idempotency_keys WHERE user_id = ? AND key = ?",
  );
  const insert = database.prepare(
    "INSERT INTO idempotency_keys (user_id, key, request_hash, status, body, created_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const removeOld = database.prepare(`
    DELETE FROM idempotency_keys WHERE (user_id, key) IN
      (SELECT user_id, key FROM idempotency_keys WHERE created_at < ? LIMIT ${SWEPT_AT_ONCE})`);
  let sweptAt = 0;

  /**
   * Answers a command: with what was answered to this key before, or by carrying it out. Call it in the transaction of the
   * change: either both are kept, the change and its answer, or neither.
   *
   * @param key chosen by the client, new for each command; keys of different users have nothing to do with each other
   * @param command must be the same each time. The same key with another command is a mistake of the client: 422.
   * @param carryOut is not called when the key is known
   */
  function answerOnce(userId: string, key: string, command: object, carryOut: () => Answer): Answer {
    const requestHash = createHash("sha256").update(JSON.stringify(command)).digest("hex");
    const known = select.get(userId, key);
    if (known && known.requestHash !== requestHash) return KEY_REUSED;
    if (known) return { status: known.status, ...(known.body && { body: JSON.parse(known.body) }) };
    const answer = carryOut();
    // A refusal is an answer too: asked again, it would be confusing to hear something else.
    const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
    insert.run(userId, key, requestHash, answer.status, body, now());
    sweep();
    return answer;
  }

  /** Once a minute. */
  function sweep(): void {
    if (now() - sweptAt < 60_000) return;
    sweptAt = now();
    removeOld.run(now() - KEPT_MS);
  }

  return { answerOnce };
}

const KEY_REUSED: Answer = {
  status: 422,
  body: { error: { code: "key_reused", message: "This key was used for another command." } },
};
