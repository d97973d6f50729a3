// What is published on the bus of this app.
import type { BoardEvent } from "../../shared/events.ts";
import { createEventBus, type EventBusOptions } from "./event-bus.ts";

/** `board:board-1` is one board, `board:*` all of them. */
export interface BoardTopics {
  readonly [board: `board:${string}`]: BoardEvent;
}

export type BoardBus = ReturnType<typeof createBoardBus>;

export function createBoardBus(options?: EventBusOptions) {
  const bus = createEventBus<BoardTopics>(options);
  return {
    ...bus,
    /** Makes a committed event known. */
    announce: (event: BoardEvent) => bus.publish(`board:${event.boardId}`, event),
  };
}
