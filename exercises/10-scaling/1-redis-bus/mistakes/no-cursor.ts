// Each look reads from where the follower has begun: with every hint it hears everything again.
// Fails: hints that come twice, late or in another order change nothing
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: What was handed over must not be read again. What has to move?
import { Refusal } from "../../../../shared/refusal.ts";
import type { NodeBus, NodeBusOptions } from "../exercise.ts";

const PAGE_SIZE = 10;

export function createNodeBus({ boards, publisher, subscriber }: NodeBusOptions): NodeBus {
  const looks = new Map<string, Set<() => void>>();

  return {
    announce({ boardId, seq }) {
      for (const look of looks.get(boardId) ?? []) look();
      publisher.publish(channelOf(boardId), String(seq)).catch(() => {});
    },

    async follow(boardId, after, onEvent) {
      function look(): void {
        let from = after;
        let page = boards.eventsAfter(boardId, { seq: from }, PAGE_SIZE);
        while (!(page instanceof Refusal) && page.events.length > 0) {
          for (const event of page.events) {
            from = event.seq;
            onEvent(event);
          }
          page = boards.eventsAfter(boardId, { seq: from }, PAGE_SIZE);
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
