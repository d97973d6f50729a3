// Grows ../08-pub-sub/board-topics.ts: what other nodes have committed is published here too. Redis says that there is
// something to read, and the log says what.
import { randomUUID } from "node:crypto";
import type { Boards } from "../../shared/board.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { assignedIn } from "../06-auth/member-sockets.ts";
import { createEventBus, type EventBusOptions } from "../08-pub-sub/event-bus.ts";
import { inTurns } from "./in-turns.ts";
import type { Hint, RedisLink } from "./redis-link.ts";

export interface RedisBusSettings extends EventBusOptions {
  /** How often the log is looked at without a hint, in milliseconds: one that is lost costs so much. @default 1000 */
  readonly lookMs?: number | undefined;
  /** A node was away so long that the log does not reach back to where it was. */
  onGap?(boardId: string): void;
}

/** What is published on the bus of a node. */
export interface NodeTopics {
  /** An event that clients here may be waiting for, whichever node has committed it. In the order of its board. */
  readonly [board: `board:${string}`]: BoardEvent;
  /** An event that this node has committed. Of all nodes only one hears it: for what is to be done once. */
  readonly [board: `committed:${string}`]: BoardEvent;
  /** An event that concerns a person who is connected here, on a board that nobody follows here. */
  readonly [person: `person:${string}`]: BoardEvent;
}

export interface RedisBus {
  subscribe: ReturnType<typeof createEventBus<NodeTopics>>["subscribe"];
  /** Makes an event known that was committed here. */
  announce(event: BoardEvent): void;
  /** Somebody follows a board here. @returns nobody does (any more) */
  watch(boardId: string): () => void;
  /** Somebody is connected here, perhaps without any board. @returns not any more */
  watchPerson(userId: string): () => void;
  /** Is told when to look at who is on a board. */
  onPeopleHint(look: (boardId: string) => void): void;
  isWatched(boardId: string): boolean;
  readonly watchedBoards: readonly string[];
  close(): void;
}

interface Watched {
  /** How many follow it here. */
  count: number;
  /** The last seq that was published here. */
  seq: number;
  readonly stop: () => void;
}

interface WatchedPerson {
  count: number;
  /** The last hint: it may come twice. */
  last: string;
  readonly stop: () => void;
}

/** How many events are read from the log at once. */
const PAGE_SIZE = 100;

/** The channel of a board. What is sent there is a seq, or this. */
export const PEOPLE = "people";
export const channelOf = (boardId: string) => `board:${boardId}`;
const personChannelOf = (userId: string) => `person:${userId}`;

export function createRedisBus(
  boards: Pick<Boards, "head" | "eventsAfter">,
  redis: RedisLink,
  { lookMs = 1_000, onGap = () => {}, ...options }: RedisBusSettings = {},
): RedisBus {
  const bus = createEventBus<NodeTopics>(options);
  const watched = new Map<string, Watched>();
  const people = new Map<string, WatchedPerson>();
  /** Tells our own messages from those of others. */
  const origin = randomUUID();
  let lookAtPeople = (_boardId: string) => {};

  function watch(boardId: string): () => void {
    const known = watched.get(boardId);
    const watching: Watched = known ?? { count: 0, seq: headOf(boardId), stop: listen(boardId) };
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

  function listen(boardId: string): () => void {
    return redis.listen(channelOf(boardId), (hint) => onHint(boardId, hint));
  }

  function watchPerson(userId: string): () => void {
    const listen = () => redis.listen(personChannelOf(userId), (hint) => onPersonHint(userId, hint));
    const watching = people.get(userId) ?? { count: 0, last: "", stop: listen() };
    watching.count += 1;
    people.set(userId, watching);
    return () => {
      watching.count -= 1;
      if (watching.count > 0) return;
      people.delete(userId);
      watching.stop();
    };
  }

  /**
   * Again the message only says where to look. On a board that is followed here, `look` publishes it. One that is lost is
   * lost: it is about now, and who opens the board sees it.
   */
  function onPersonHint(userId: string, hint: Hint): void {
    const [from, seq, ...boardId] = hint?.split(" ") ?? [];
    const board = boardId.join(" ");
    const watching = people.get(userId);
    if (hint === undefined || !watching || watching.last === hint) return;
    watching.last = hint;
    if (from === origin || watched.has(board)) return;
    const page = boards.eventsAfter(board, { seq: Number(seq) - 1 }, 1);
    if (page instanceof Refusal) return;
    for (const event of page.events) {
      if (assignedIn(event)?.assigneeId === userId) bus.publish(`person:${userId}`, event);
    }
  }

  /** Whatever the message says, nothing happens but a look. It can come twice, late, or be a lie. */
  function onHint(boardId: string, hint: Hint): void {
    // Not a number is not old: then it looks.
    if (hint !== PEOPLE && !(Number(hint) <= (watched.get(boardId)?.seq ?? 0))) look(boardId);
    if (hint === PEOPLE || hint === undefined) lookAtPeople(boardId);
  }

  /** Publishes here what the log has and was not published here yet: in order, and each event once. */
  function look(boardId: string): void {
    const watching = watched.get(boardId);
    if (!watching) return;
    try {
      const page = boards.eventsAfter(boardId, { seq: watching.seq }, PAGE_SIZE);
      if (page instanceof Refusal) {
        skip(boardId, watching);
        return;
      }
      for (const event of page.events) publish(watching, event);
      // A node that has missed thousands lets others have a turn in between.
      if (page.more) setImmediate(look, boardId);
    } catch (error) {
      // The database may be busy: nobody above a timer would handle it, and the next look comes soon.
      console.error(error);
    }
  }

  function publish(watching: Watched, event: BoardEvent): void {
    // What a subscriber does in between may have brought us here already.
    if (event.seq <= watching.seq) return;
    watching.seq = event.seq;
    publishHere(event);
  }

  /** The log has forgotten what comes next. The followers find that out with the first event that they do not expect. */
  function skip(boardId: string, watching: Watched): void {
    const head = headOf(boardId);
    watching.seq = head;
    onGap(boardId);
    const last = boards.eventsAfter(boardId, { seq: head - 1 }, 1);
    if (!(last instanceof Refusal)) for (const event of last.events) publishHere(event);
  }

  function publishHere(event: BoardEvent): void {
    bus.publish(`board:${event.boardId}`, event);
  }

  /** To this node at once, and to the others as a hint. */
  function announce(event: BoardEvent): void {
    bus.publish(`committed:${event.boardId}`, event);
    const watching = watched.get(event.boardId);
    if (!watching) publishHere(event);
    else if (event.seq === watching.seq + 1) publish(watching, event);
    // Another node has committed something before it.
    else look(event.boardId);
    redis.tell(channelOf(event.boardId), String(event.seq));
    const userId = assignedIn(event)?.assigneeId;
    if (userId !== undefined) redis.tell(personChannelOf(userId), `${origin} ${event.seq} ${event.boardId}`);
  }

  function headOf(boardId: string): number {
    const head = boards.head(boardId);
    return head instanceof Refusal ? 0 : head.seq;
  }

  const stopLooking = redis.isAlone ? () => {} : inTurns(lookMs, () => watched.keys(), look);

  return {
    subscribe: bus.subscribe,
    announce,
    watch,
    watchPerson,
    onPeopleHint(look) {
      lookAtPeople = look;
    },
    isWatched: (boardId) => watched.has(boardId),
    get watchedBoards() {
      return [...watched.keys()];
    },
    close() {
      stopLooking();
      for (const { stop } of [...watched.values(), ...people.values()]) stop();
      watched.clear();
      people.clear();
    },
  };
}
