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

  return {
    /** @param key chosen by the client, the same each time that it sends this command */
    run(userId: string, key: string, command: Command): Answer {
      // TODO: Answer a command that has come before as it was answered then, and another one with its key by `KEY_REUSED`.
      if (select.get(userId, key)) return KEY_REUSED;
      // TODO: Carry it out and store its answer, both or neither, unless it is an answer that must not be stored.
      return carryOut(userId, command);
    },
  };
}
