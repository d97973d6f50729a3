import { createHash } from "node:crypto";
import type { Database } from "../../../shared/database.ts";
import type { Answer, CarryOut, Command } from "./board-commands.ts";

export interface CommandsOptions {
  readonly database: Database;
  /** Makes the change, as often as it is called. */
  readonly carryOut: CarryOut;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
}

/** The answer to a key that was used for another command. */
export const KEY_REUSED: Answer = {
  status: 422,
  body: { error: { code: "key_reused", message: "This key was used for another command." } },
};

interface Row {
  readonly requestHash: string;
  readonly status: number;
  readonly body: string;
}

/** Commands that are carried out once, however often they come. */
export function createCommands({ database, carryOut, now }: CommandsOptions) {
  const select = database.prepare<[string, string], Row>(
    "SELECT request_hash AS requestHash, status, body FROM idempotency_keys WHERE user_id = ? AND key = ?",
  );
  const insert = database.prepare(
    "INSERT INTO idempotency_keys (user_id, key, request_hash, status, body, created_at) VALUES (?, ?, ?, ?, ?, ?)",
  );

  function answerOnce(userId: string, key: string, command: Command): Answer {
    // All of the command: two changes can be alike, and be meant for two tasks.
    const requestHash = createHash("sha256").update(JSON.stringify(command)).digest("hex");
    const known = select.get(userId, key);
    if (known && known.requestHash !== requestHash) return KEY_REUSED;
    // The words of that time, and not what could be read now: the task may have changed since.
    if (known) return { status: known.status, ...(known.body !== "" && { body: JSON.parse(known.body) }) };
    const answer = carryOut(userId, command);
    // Nobody knows anything after that, so there is nothing to repeat.
    if (answer.status >= 500) return answer;
    const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
    insert.run(userId, key, requestHash, answer.status, body, now());
    return answer;
  }

  return {
    /** @param key chosen by the client, the same each time that it sends this command */
    run(userId: string, key: string, command: Command): Answer {
      // Both are kept or neither: a server that dies in between has done nothing, and the repeat does it.
      return database.transaction(() => answerOnce(userId, key, command)).immediate();
    },
  };
}
