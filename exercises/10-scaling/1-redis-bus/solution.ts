import type { Boards } from "../../../shared/board.ts";
import type { BoardEvent } from "../../../shared/events.ts";
import { Refusal } from "../../../shared/refusal.ts";

/** A connection to Redis for commands. */
export interface Publisher {
  publish(channel: string, text: string): Promise<unknown>;
}

/** A connection to Redis on which messages come. */
export interface Subscriber {
  /** Resolves when Redis has the subscription. A channel can have several listeners. */
  subscribe(channel: string, listener: (text: string) => void): Promise<unknown>;
  /** Without a listener: all of that channel. */
  unsubscribe(channel: string, listener?: (text: string) => void): Promise<unknown>;
}

export interface NodeBusOptions {
  readonly boards: Pick<Boards, "eventsAfter">;
  readonly publisher: Publisher;
  readonly subscriber: Subscriber;
}

export interface NodeBus {
  /** Makes an event known that this node has committed. */
  announce(event: BoardEvent): void;
  /**
   * @param after the last seq that the follower has
   * @returns ends this follower
   */
  follow(
    boardId: string,
    after: number,
    onEvent: (event: BoardEvent) => void,
  ): Promise<() => Promise<unknown>>;
}

/** How many events are read from the log at once. */
const PAGE_SIZE = 10;

/** The bus of one node: its followers hear what any node has committed. */
export function createNodeBus({ boards, publisher, subscriber }: NodeBusOptions): NodeBus {
  /** What each follower on this node does when there may be something new. */
  const looks = new Map<string, Set<() => void>>();

  return {
    announce({ boardId, seq }) {
      // By way of the log as well: another node may have committed something before it.
      for (const look of looks.get(boardId) ?? []) look();
      // Nobody waits for Redis. Whoever misses the hint finds the event with the next one.
      publisher.publish(channelOf(boardId), String(seq)).catch(() => {});
    },

    async follow(boardId, after, onEvent) {
      /** The last seq that this follower has heard: moved by what was read, and never by a hint. */
      let cursor = after;

      function look(): void {
        let page = boards.eventsAfter(boardId, { seq: cursor }, PAGE_SIZE);
        while (!(page instanceof Refusal) && page.events.length > 0) {
          for (const event of page.events) {
            cursor = event.seq;
            onEvent(event);
          }
          page = boards.eventsAfter(boardId, { seq: cursor }, PAGE_SIZE);
        }
      }

      const ofBoard = looks.get(boardId) ?? new Set();
      looks.set(boardId, ofBoard.add(look));
      // In this order: what is committed before Redis has the subscription is found by the look, what comes later by a hint.
      await subscriber.subscribe(channelOf(boardId), look);
      look();

      return () => {
        ofBoard.delete(look);
        if (ofBoard.size === 0 && looks.get(boardId) === ofBoard) looks.delete(boardId);
        // With the listener: without it, all others on this channel would be silent too.
        return subscriber.unsubscribe(channelOf(boardId), look);
      };
    },
  };
}

function channelOf(boardId: string): string {
  return `board:${boardId}`;
}
