// A key that comes with another command is taken for a new one, and its answer replaces the old one: what the client has mixed up is done, and not noticed.
// Fails: the same key with another command is refused
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The same key with another command is a mistake of the client. Who tells it?
import { createHash } from "node:crypto";
import type { Answer, Command } from "../board-commands.ts";
import type { CommandsOptions } from "../exercise.ts";

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
    "INSERT OR REPLACE INTO idempotency_keys (user_id, key, request_hash, status, body, created_at) VALUES (?, ?, ?, ?, ?, ?)",
  );

  function answerOnce(userId: string, key: string, command: Command): Answer {
    const requestHash = createHash("sha256").update(JSON.stringify(command)).digest("hex");
    const known = select.get(userId, key);
    const isRepeat = known?.requestHash === requestHash;
    if (known && isRepeat)
      return { status: known.status, ...(known.body !== "" && { body: JSON.parse(known.body) }) };
    const answer = carryOut(userId, command);
    if (answer.status >= 500) return answer;
    const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
    insert.run(userId, key, requestHash, answer.status, body, now());
    return answer;
  }

  return {
    run(userId: string, key: string, command: Command): Answer {
      return database.transaction(() => answerOnce(userId, key, command)).immediate();
    },
  };
}
