// Grows ../08-pub-sub/event-counts.ts: each node counts what it commits, and Redis has the sum.
import { createEventCounts, type EventCounts } from "../08-pub-sub/event-counts.ts";
import type { RedisLink } from "./redis-link.ts";

const COUNTS = "event-counts";
const SINCE = "event-counts:since";

/** @returns what to use in place of `createEventCounts`. Without Redis, `read` has what this node alone has counted. */
export function createSharedCounts(redis: RedisLink): EventCounts {
  const own = createEventCounts();
  return {
    onEvent(event) {
      own.onEvent(event);
      const { boardId, type } = event;
      redis
        .ask(async (client) => {
          await Promise.all([
            client.set(SINCE, new Date().toISOString(), { condition: "NX" }),
            client.hIncrBy(COUNTS, `${type} ${boardId}`, 1),
          ]);
        })
        .catch(() => {}); // these are statistics: nobody waits for them, and one that is missing harms nobody
    },

    async read() {
      try {
        const [since, counts] = await redis.ask((client) =>
          Promise.all([client.get(SINCE), client.hGetAll(COUNTS)]),
        );
        const boards = new Map<string, Record<string, number>>();
        for (const [field, count] of Object.entries(counts)) {
          const [type = "", ...boardId] = field.split(" ");
          const ofBoard = boards.get(boardId.join(" ")) ?? {};
          boards.set(boardId.join(" "), ofBoard);
          ofBoard[type] = Number(count);
        }
        return { since: since ?? new Date().toISOString(), boards: Object.fromEntries(boards) };
      } catch {
        return own.read();
      }
    },
  };
}
