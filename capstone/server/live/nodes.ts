// Grows ../../../chapters/10-scaling/redis-bus.ts to the asynchronous store: what joins this process to others on the same database.
// Redis says that there is something to read, and the log says what: a hint can come twice, late, never, or be a lie.
import { randomUUID } from "node:crypto";
import { inTurns } from "../../../chapters/10-scaling/in-turns.ts";
import { channelOf, PEOPLE } from "../../../chapters/10-scaling/redis-bus.ts";
import type { Hint, RedisLink } from "../../../chapters/10-scaling/redis-link.ts";
import type { BoardEvent } from "../../board/events.ts";

export interface NodesOptions {
  readonly redis: RedisLink;
  /** How often each log is looked at without a hint, in milliseconds: one that is lost costs so much. */
  readonly lookMs: number;
  /** The last event of a board that was published here. Undefined when the board is not followed here. */
  seqOf(boardId: string): number | undefined;
  /** Looks at the log of a board, and publishes here what it has. */
  look(boardId: string): void;
}

export interface Nodes {
  /** Names this process, and none before or after it. */
  readonly node: string;
  /** Hears of a board from other nodes. Counted. @returns stops it */
  watch(boardId: string): () => void;
  isWatched(boardId: string): boolean;
  readonly watchedBoards: readonly string[];
  /** Is told when to look at who is on a board. */
  onPeopleHint(look: (boardId: string) => void): void;
  /** Tells the other nodes what was committed here. */
  announce(events: readonly BoardEvent[]): void;
  /** Tells them that something has happened to a board which is no event. */
  announceLook(boardId: string): void;
  close(): void;
}

interface Watched {
  count: number;
  readonly stop: () => void;
}

export function joinNodes({ redis, lookMs, seqOf, look }: NodesOptions): Nodes {
  const watched = new Map<string, Watched>();
  let lookAtPeople = (_boardId: string) => {};

  function watch(boardId: string): () => void {
    const watching = watched.get(boardId) ?? {
      count: 0,
      stop: redis.listen(channelOf(boardId), (hint) => onHint(boardId, hint)),
    };
    watching.count += 1;
    watched.set(boardId, watching);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      watching.count -= 1;
      if (watching.count > 0) return;
      watched.delete(boardId);
      watching.stop();
    };
  }

  /** Without a hint, something may have been missed: the way to Redis was closed, or has just opened. */
  function onHint(boardId: string, hint: Hint): void {
    // What is not a number is not old: then it looks.
    if (hint !== PEOPLE && !(Number(hint) <= (seqOf(boardId) ?? -1))) look(boardId);
    if (hint === PEOPLE || hint === undefined) lookAtPeople(boardId);
  }

  const stopLooking = redis.isAlone ? () => {} : inTurns(lookMs, () => watched.keys(), look);

  return {
    node: randomUUID(),
    watch,
    isWatched: (boardId) => watched.has(boardId),
    get watchedBoards() {
      return [...watched.keys()];
    },
    onPeopleHint(look) {
      lookAtPeople = look;
    },

    announce(events) {
      if (redis.isAlone) return;
      // Of many that were committed together, the last one says enough.
      const heads = new Map(events.map(({ boardId, seq }) => [boardId, seq]));
      for (const [boardId, seq] of heads) redis.tell(channelOf(boardId), String(seq));
    },

    announceLook: (boardId) => redis.tell(channelOf(boardId), "look"),

    close() {
      stopLooking();
      for (const { stop } of watched.values()) stop();
      watched.clear();
    },
  };
}
