// A script that Redis runs: all of it, with nothing of anybody else in between.
import { createHash } from "node:crypto";
import type { RedisLink } from "./redis-link.ts";

/** All of them. Each connection begins by sending them, so that Redis knows them by their hashes. */
export const SCRIPTS: string[] = [];

/**
 * @see https://redis.io/docs/latest/develop/programmability/eval-intro/
 * @returns runs it
 */
export function createRedisScript(text: string) {
  const hash = createHash("sha1").update(text).digest("hex");
  SCRIPTS.push(text);
  return (
    redis: RedisLink,
    keys: readonly string[],
    ...args: readonly (string | number)[]
  ): Promise<unknown> =>
    redis.ask((client) => client.evalSha(hash, { keys: [...keys], arguments: args.map(String) }));
}
