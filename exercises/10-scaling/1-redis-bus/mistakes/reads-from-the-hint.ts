// A hint makes a node read the event of that number alone: those whose hints were lost are never heard.
// Fails: an event whose hint is lost comes with the next one, before it
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: The hint says where the log is. What says where the follower is?
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
        let page = boards.eventsAfter(boardId, { seq: cursor }, PAGE_SIZE);
        while (!(page instanceof Refusal) && page.events.length > 0) {
          for (const event of page.events) {
            cursor = event.seq;
            onEvent(event);
          }
          page = boards.eventsAfter(boardId, { seq: cursor }, PAGE_SIZE);
        }
      }

      function onHint(text: string): void {
        if (!(Number(text) > cursor)) return;
        const page = boards.eventsAfter(boardId, { seq: Number(text) - 1 }, 1);
        if (page instanceof Refusal) return;
        for (const event of page.events) {
          cursor = event.seq;
          onEvent(event);
        }
      }

      const ofBoard = looks.get(boardId) ?? new Set();
      looks.set(boardId, ofBoard.add(look));
      await subscriber.subscribe(channelOf(boardId), onHint);
      look();

      return () => {
        ofBoard.delete(look);
        if (ofBoard.size === 0 && looks.get(boardId) === ofBoard) looks.delete(boardId);
        return subscriber.unsubscribe(channelOf(boardId), onHint);
      };
    },
  };
}

function channelOf(boardId: string): string {
  return `board:${boardId}`;
}
