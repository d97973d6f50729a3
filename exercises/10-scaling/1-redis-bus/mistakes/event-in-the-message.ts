// The other nodes believe the event that is in the message: each message that Redis loses is a hole in somebody's board.
// Fails: an event whose hint is lost comes with the next one, before it
// Lesson: chapters/10-scaling/README.md#the-idea
// Hint: A message comes at most once, and is perhaps a lie. Where is the truth?
import type { BoardEvent } from "../../../../shared/events.ts";
import { Refusal } from "../../../../shared/refusal.ts";
import type { NodeBus, NodeBusOptions } from "../exercise.ts";

const PAGE_SIZE = 10;

export function createNodeBus({ boards, publisher, subscriber }: NodeBusOptions): NodeBus {
  const looks = new Map<string, Set<() => void>>();

  return {
    announce(event) {
      for (const look of looks.get(event.boardId) ?? []) look();
      publisher.publish(channelOf(event.boardId), JSON.stringify(event)).catch(() => {});
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

      function onMessage(text: string): void {
        let event: BoardEvent;
        try {
          event = JSON.parse(text);
        } catch {
          return;
        }
        if (event.seq > cursor) {
          cursor = event.seq;
          onEvent(event);
        }
      }

      const ofBoard = looks.get(boardId) ?? new Set();
      looks.set(boardId, ofBoard.add(look));
      await subscriber.subscribe(channelOf(boardId), onMessage);
      look();

      return () => {
        ofBoard.delete(look);
        if (ofBoard.size === 0 && looks.get(boardId) === ofBoard) looks.delete(boardId);
        return subscriber.unsubscribe(channelOf(boardId), onMessage);
      };
    },
  };
}

function channelOf(boardId: string): string {
  return `board:${boardId}`;
}
