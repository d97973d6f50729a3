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
  return {
    announce(event) {
      // TODO: Tell the followers of this node, and give the others a hint.
      void publisher.publish(`board:${event.boardId}`, JSON.stringify(event));
    },

    async follow(boardId, after, onEvent) {
      // TODO: Look at the log when there may be something new.
      await subscriber.subscribe(`board:${boardId}`, () => {
        const page = boards.eventsAfter(boardId, { seq: after }, PAGE_SIZE);
        if (page instanceof Refusal) return;
        for (const event of page.events) onEvent(event);
      });
      // TODO: End this follower and no other.
      return async () => {};
    },
  };
}
