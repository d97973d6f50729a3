// The key is written down before the change, so that nobody else takes it: a server that dies in between will never make the change.
// Fails: the change and its answer are kept together or not at all
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: What does the repeat find in the table, when the change has failed? The word for both or neither is transaction.
import { createHash } from "node:crypto";
import type { Answer, Command } from "../board-commands.ts";
import type { CommandsOptions } from "../exercise.ts";

export const KEY_REUSED: Answer = {
  status: 422,
  body: { error: { code: "key_reused", message: "This key was used for another command." } },
};

interface Row {
  readonly requestHash: string;
  readonly status: number;
  readonly body: string;
}

export function createCommands({ database, carryOut, now }: CommandsOptions) {
  const select = database.prepare<[string, string], Row>(
    "SELECT request_hash AS requestHash, status, body FROM idempotency_keys WHERE user_id = ? AND key = ?",
  );
  const insert = database.prepare(
    "INSERT INTO idempotency_keys (user_id, key, request_hash, status, body, created_at) VALUES (?, ?, ?, ?, ?, ?)",
  );

  const update = database.prepare(
    "UPDATE idempotency_keys SET status = ?, body = ? WHERE user_id = ? AND key = ?",
  );
  const remove = database.prepare("DELETE FROM idempotency_keys WHERE user_id = ? AND key = ?");

  function answerOnce(userId: string, key: string, command: Command): Answer {
    const requestHash = createHash("sha256").update(JSON.stringify(command)).digest("hex");
    const known = select.get(userId, key);
    if (known && known.requestHash !== requestHash) return KEY_REUSED;
    if (known) return { status: known.status, ...(known.body !== "" && { body: JSON.parse(known.body) }) };
    insert.run(userId, key, requestHash, 409, JSON.stringify({ error: { code: "under_way" } }), now());
    const answer = database.transaction(() => carryOut(userId, command)).immediate();
    if (answer.status >= 500) {
      remove.run(userId, key);
      return answer;
    }
    const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
    update.run(answer.status, body, userId, key);
    return answer;
  }

  return {
    run(userId: string, key: string, command: Command): Answer {
      return answerOnce(userId, key, command);
    },
  };
}
