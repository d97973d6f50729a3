// Grows ../../../chapters/07-reconnection/idempotency.ts: an answer is kept with its seq, and long enough for somebody who was
// offline for weeks.
import { createHash } from "node:crypto";
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { Answer } from "../../board/commands.ts";
import { answerOf } from "./refused.ts";

/** How long answers are kept, in milliseconds. Whoever repeats a command later may have it carried out twice. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Somebody waits for the transaction that it is done in. */
const SWEPT_AT_ONCE = 500;
const SWEPT_EVERY_MS = 10_000;

interface Row {
  readonly requestHash: string;
  readonly status: number;
  readonly body: string;
  readonly seq: number | null;
}

/** @param now the clock, in milliseconds since 1970 */
export function createIdempotentAnswers(database: Database, now: () => number) {
  const select = database.prepare<[string, string], Row>(
    "SELECT request_hash AS requestHash, status, body, seq FROM idempotency_keys WHERE user_id = ? AND key = ?",
  );
  // A session may outlive its user by a moment. Then there is nobody to keep an answer for.
  const insert = database.prepare(
    `INSERT INTO idempotency_keys (user_id, key, request_hash, status, body, created_at, seq)
     SELECT id, ?, ?, ?, ?, ?, ? FROM users WHERE id = ?`,
  );
  const removeOld = database.prepare(`
    DELETE FROM idempotency_keys WHERE (user_id, key) IN
      (SELECT user_id, key FROM idempotency_keys WHERE created_at < ? LIMIT ${SWEPT_AT_ONCE})`);
  let sweptAt = Number.NEGATIVE_INFINITY;

  /**
   * Answers a command: with what was answered to this key before, or by carrying it out. Call it in the transaction of the
   * change: either both are kept, the change and its answer, or neither.
   *
   * @param key chosen by the client, new for each command; keys of different users have nothing to do with each other
   * @param command must be the same each time, to the order of its fields
   * @param carryOut is not called when the key is known
   */
  function answerOnce(userId: string, key: string, command: object, carryOut: () => Answer): Answer {
    const requestHash = createHash("sha256").update(JSON.stringify(command)).digest("base64url");
    const known = select.get(userId, key);
    if (known && known.requestHash !== requestHash) return KEY_REUSED;
    if (known) {
      const { status, body, seq } = known;
      return { status, ...(body && { body: JSON.parse(body) }), ...(seq !== null && { seq }) };
    }
    const answer = carryOut();
    // A refusal is an answer too: asked again, it would be confusing to hear something else.
    const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
    insert.run(key, requestHash, answer.status, body, now(), answer.seq ?? null, userId);
    sweep();
    return answer;
  }

  function sweep(): void {
    if (now() - sweptAt < SWEPT_EVERY_MS) return;
    sweptAt = now();
    removeOld.run(now() - KEPT_MS);
  }

  return { answerOnce };
}

const KEY_REUSED = answerOf(new Refusal("key_reused", "This key was used for another command."));
