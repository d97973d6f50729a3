// When carryOut throws, run answers with a status of its own: whoever called it never learns what went wrong, and logs nothing.
// Fails: the change and its answer are kept together or not at all
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The caller has a place for errors. Who else would know what has broken?
import { createHash } from "node:crypto";
import type { Answer, CarryOut, Command } from "../board-commands.ts";
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

  function answerOnce(userId: string, key: string, command: Command): Answer {
    const requestHash = createHash("sha256").update(JSON.stringify(command)).digest("hex");
    const known = select.get(userId, key);
    if (known && known.requestHash !== requestHash) return KEY_REUSED;
    if (known) return { status: known.status, ...(known.body !== "" && { body: JSON.parse(known.body) }) };
    const answer = attempt(carryOut, userId, command);
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

function attempt(carryOut: CarryOut, userId: string, command: Command): Answer {
  try {
    return carryOut(userId, command);
  } catch {
    return { status: 500, body: { error: { code: "internal", message: "Something went wrong." } } };
  }
}
