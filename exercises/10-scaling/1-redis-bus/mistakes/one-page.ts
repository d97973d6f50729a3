// A look reads one page: who was away for long gets a part, and lags behind from then on.
// Fails: a follower first gets what it has missed, however much that is
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: A page ends where it is full. How do you know that the log goes on?
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
      let cursor = after;

      function look(): void {
        const page = boards.eventsAfter(boardId, { seq: cursor }, PAGE_SIZE);
        if (page instanceof Refusal) return;
        for (const event of page.events) {
          cursor = event.seq;
          onEvent(event);
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
