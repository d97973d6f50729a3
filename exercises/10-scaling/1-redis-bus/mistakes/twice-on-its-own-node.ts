// The node's own followers are handed the event, and get it again when its own hint comes back.
// Fails: on the node that has committed it, an event is heard at once, and only once
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: An event that was handed over counts as heard. Who has to know that?
import type { BoardEvent } from "../../../../shared/events.ts";
import { Refusal } from "../../../../shared/refusal.ts";
import type { NodeBus, NodeBusOptions } from "../exercise.ts";

const PAGE_SIZE = 10;

export function createNodeBus({ boards, publisher, subscriber }: NodeBusOptions): NodeBus {
  const followers = new Map<string, Set<(event: BoardEvent) => void>>();

  return {
    announce(event) {
      for (const tell of followers.get(event.boardId) ?? []) tell(event);
      publisher.publish(channelOf(event.boardId), String(event.seq)).catch(() => {});
    },

    async follow(boardId, after, onEvent) {
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

      const ofBoard = followers.get(boardId) ?? new Set();
      followers.set(boardId, ofBoard.add(onEvent));
      await subscriber.subscribe(channelOf(boardId), look);
      look();

      return () => {
        ofBoard.delete(onEvent);
        if (ofBoard.size === 0 && followers.get(boardId) === ofBoard) followers.delete(boardId);
        return subscriber.unsubscribe(channelOf(boardId), look);
      };
    },
  };
}

function channelOf(boardId: string): string {
  return `board:${boardId}`;
}
