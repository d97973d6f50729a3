export interface BoardEvent {
  readonly seq: number;
  readonly type: string;
}

/** Server to client. */
export type ServerMessage =
  | { readonly type: "event"; readonly event: BoardEvent }
  /** The last seq of the log. All events up to there were sent before. */
  | { readonly type: "heartbeat"; readonly head: number }
  /** The answer to a `join`. The events after its `after` come next. */
  | { readonly type: "joined" };

/** Client to server: "send me what comes after this seq". */
export interface JoinMessage {
  readonly type: "join";
  readonly after: number;
}

export interface FollowerOptions {
  /** The seq of the snapshot. */
  readonly after: number;
  /** Puts an event on the board. Called for each event once, in order, without a gap. */
  readonly apply: (event: BoardEvent) => void;
  readonly send: (message: JoinMessage) => void;
}

/** Follows a board, and notices what is missing. */
export function createFollower({ after, apply, send }: FollowerOptions) {
  /** The seq of the last event that was applied. */
  let cursor = after;
  /** A question is not answered yet. */
  let isAsking = false;

  function ask(): void {
    // What comes before the answer was sent before it, and says nothing new about what is missing.
    if (isAsking) return;
    isAsking = true;
    send({ type: "join", after: cursor });
  }

  function readEvent(event: BoardEvent): void {
    // Had it already: it was in the snapshot, or has come twice because somebody asked.
    if (event.seq <= cursor) return;
    if (event.seq > cursor + 1) {
      // Not applied and not kept: the answer has it too, in its place.
      ask();
      return;
    }
    cursor = event.seq;
    apply(event);
  }

  return {
    read(message: ServerMessage): void {
      if (message.type === "event") readEvent(message.event);
      else if (message.type === "joined") isAsking = false;
      else if (message.head > cursor) ask();
    },
  };
}
