// Typing: who is writing something just now. It ends by itself, because nobody says reliably that they have stopped.

/** Somebody has begun to type, or has stopped. */
export interface TypingChange {
  readonly type: "user_typing" | "user_stopped_typing";
  readonly boardId: string;
  readonly userId: string;
  /** The task that is being edited. Without one it is a new task. */
  readonly taskId?: string | undefined;
}

/** Where somebody types. */
interface Place {
  readonly boardId: string;
  readonly userId: string;
  readonly taskId: string | undefined;
  /** On each of their connections, until it is over. */
  readonly timers: Map<string, ReturnType<typeof setTimeout>>;
}

/**
 * @param onChange is told when a user has begun or stopped at a place, on whatever connection
 * @param lastsMs after so long without another word somebody has stopped, in milliseconds
 */
export function createTyping(onChange: (change: TypingChange) => void, lastsMs = 5_000) {
  const places = new Map<string, Place>();
  /** Where each connection types: at one place at a time. */
  const placeOf = new Map<string, Place>();

  /** Somebody types, and is typing for a while now. */
  function type(boardId: string, connectionId: string, userId: string, taskId?: string): void {
    const key = JSON.stringify([boardId, userId, taskId]);
    const place = places.get(key) ?? { boardId, userId, taskId, timers: new Map() };
    const isNew = place.timers.size === 0;
    places.set(key, place);
    // Whoever begins to type elsewhere has stopped here.
    if (placeOf.get(connectionId) !== place) stop(connectionId);
    placeOf.set(connectionId, place);
    clearTimeout(place.timers.get(connectionId));
    place.timers.set(
      connectionId,
      setTimeout(() => end(place, connectionId), lastsMs),
    );
    if (isNew) onChange({ type: "user_typing", ...whereIs(place) });
  }

  function end(place: Place, connectionId: string): void {
    const timer = place.timers.get(connectionId);
    if (timer === undefined) return;
    clearTimeout(timer);
    place.timers.delete(connectionId);
    placeOf.delete(connectionId);
    if (place.timers.size > 0) return;
    places.delete(JSON.stringify([place.boardId, place.userId, place.taskId]));
    onChange({ type: "user_stopped_typing", ...whereIs(place) });
  }

  /**
   * A connection has stopped typing, or has gone: at once, because a broken one types no more.
   * @param boardId only there
   */
  function stop(connectionId: string, boardId?: string): void {
    const place = placeOf.get(connectionId);
    if (place && (boardId === undefined || place.boardId === boardId)) end(place, connectionId);
  }

  return {
    type,
    stop,

    /** Somebody types here no more, on whatever connection. */
    stopUser(boardId: string, userId: string): void {
      for (const place of [...places.values()]) {
        if (place.boardId !== boardId || place.userId !== userId) continue;
        for (const connectionId of [...place.timers.keys()]) end(place, connectionId);
      }
    },

    /** Who is typing on a board, and where. */
    on: (boardId: string) => [...places.values()].filter((place) => place.boardId === boardId).map(whereIs),

    /** Forgets everybody, and tells nobody. */
    close(): void {
      for (const { timers } of places.values()) for (const timer of timers.values()) clearTimeout(timer);
      places.clear();
      placeOf.clear();
    },
  };
}

function whereIs({ boardId, userId, taskId }: Place) {
  return { boardId, userId, ...(taskId !== undefined && { taskId }) };
}
