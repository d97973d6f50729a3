// Whether clients say the truth about themselves all the time, and never go back.
import type { Database } from "../../../shared/database.ts";
import { headOf } from "./live-board.ts";
import type { Person } from "./person.ts";

/** How often it is looked, in milliseconds. */
const EVERY_MS = 50;

/** Who is live has everything that is as old as this, in milliseconds: a dead connection shows within two heartbeats. */
const LIVE_WITHIN_MS = 5_000;

export function watchStatus(people: readonly Person[], database: Database) {
  const heads: { readonly at: number; readonly seq: number }[] = [];
  const last = new Map<object, number>();
  const breaches = new Set<string>();

  function look(): void {
    const now = performance.now();
    heads.push({ at: now, seq: headOf(database) });
    const before = heads.findLast(({ at }) => at <= now - LIVE_WITHIN_MS)?.seq ?? 0;
    for (const { name, client } of people) {
      const { status, view } = client.state();
      if (!view) continue;
      if (status.state === "live" && view.seq < before) {
        breaches.add(`${name} says "live" by ${status.transport}, and did not see ${before} for too long.`);
      }
      // The board of a page that was loaded again may be older than the last page's.
      if (view.seq < (last.get(client) ?? 0)) breaches.add(`${name} went back to ${view.seq}.`);
      last.set(client, view.seq);
    }
  }

  const timer = setInterval(look, EVERY_MS);
  return {
    /** @returns a sentence for each breach */
    stop(): readonly string[] {
      clearInterval(timer);
      look();
      return [...breaches];
    },
  };
}
