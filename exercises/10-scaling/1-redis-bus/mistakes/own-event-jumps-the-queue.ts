// A node hands its own event over at once and takes all before it for heard: what another node has committed just before is missing.
// Fails: an event whose hint is lost comes with the next one, before it
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: This event is the last one in the log. Is it the next one for each follower?
import type { BoardEvent } from "../../../../shared/events.ts";
import { Refusal } from "../../../../shared/refusal.ts";
import type { NodeBus, NodeBusOptions } from "../exercise.ts";

const PAGE_SIZE = 10;

export function createNodeBus({ boards, publisher, subscriber }: NodeBusOptions): NodeBus {
  const tells = new Map<string, Set<(event: BoardEvent) => void>>();

  return {
    announce(event) {
      for (const tell of tells.get(event.boardId) ?? []) tell(event);
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

      function tell(event: BoardEvent): void {
        if (event.seq <= cursor) return;
        cursor = event.seq;
        onEvent(event);
      }

      const ofBoard = tells.get(boardId) ?? new Set();
      tells.set(boardId, ofBoard.add(tell));
      await subscriber.subscribe(channelOf(boardId), look);
      look();

      return () => {
        ofBoard.delete(tell);
        if (ofBoard.size === 0 && tells.get(boardId) === ofBoard) tells.delete(boardId);
        return subscriber.unsubscribe(channelOf(boardId), look);
      };
    },
  };
}

function channelOf(boardId: string): string {
  return `board:${boardId}`;
}
