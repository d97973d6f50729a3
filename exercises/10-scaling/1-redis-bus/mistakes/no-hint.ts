// Only the node itself is told: whoever is connected to another one sees the change when the page is loaded again.
// Fails: what one node commits is heard on the other
// Lesson: chapters/10-scaling/README.md#the-idea
// Hint: How does the other node learn that there is something to read?
import { Refusal } from "../../../../shared/refusal.ts";
import type { NodeBus, NodeBusOptions } from "../exercise.ts";

const PAGE_SIZE = 10;

export function createNodeBus({ boards, subscriber }: NodeBusOptions): NodeBus {
  const looks = new Map<string, Set<() => void>>();

  return {
    announce({ boardId }) {
      for (const look of looks.get(boardId) ?? []) look();
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

      const ofBoard = looks.get(boardId) ?? new Set();
      looks.set(boardId, ofBoard.add(look));
      await subscriber.subscribe(channelOf(boardId), look);
      look();

      return () => {
        ofBoard.delete(look);
        if (ofBoard.size === 0 && looks.get(boardId) === ofBoard) looks.delete(boardId);
        return subscriber.unsubscribe(channelOf(boardId), look);
      };
    },
  };
}

function channelOf(boardId: string): string {
  return `board:${boardId}`;
}
