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

  return {
    read(message: ServerMessage): void {
      if (message.type === "event") {
        // TODO: Apply the next event only, drop the old ones, and ask when one is missing.
        cursor = message.event.seq;
        apply(message.event);
      } else if (message.type === "heartbeat") {
        // TODO: Ask only when the last event is missing, and no question is under way.
        send({ type: "join", after: cursor });
      }
    },
  };
}
