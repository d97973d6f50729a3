// Who comes, goes and types, told in few words: what happens within a moment is said at once, and what cancels out is not said.
import type { PresenceChange } from "../../../chapters/09-presence/presence.ts";
import type { TypingChange } from "../../../chapters/09-presence/typing.ts";
import type { PresenceMessage, SignalMessage } from "../../board/messages.ts";

type Change = PresenceChange | TypingChange;

/** Above this it is shorter to say how things are. */
const MANY = 10;

interface Waiting {
  /** By what they are about: somebody who has come and gone again was never there. */
  readonly changes: Map<string, Change>;
  /** Of these, what somebody has read since. For them it does not cancel out, so however it ends, that is said. */
  readonly read: Set<string>;
  /** When something was said last: a time of `performance.now()`. */
  saidAt: number;
}

export interface BoardSignals {
  add(boardId: string, change: Change): void;
  /** Somebody is told how things are on a board. What waits to be said is in that already. */
  onRead(boardId: string): void;
  close(): void;
}

/**
 * @param everyMs nothing is said about one board more often than this, in milliseconds. What comes after a silence is said at once
 * @param read how things are on a board
 */
export function createBoardSignals(
  everyMs: number,
  say: (message: SignalMessage) => void,
  read: (boardId: string) => PresenceMessage,
): BoardSignals {
  const boards = new Map<string, Waiting>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function add(boardId: string, change: Change): void {
    const waiting = boards.get(boardId);
    if (!waiting) {
      // At once, so that it leaves in the same write as the events of this turn.
      boards.set(boardId, { changes: new Map(), read: new Set(), saidAt: performance.now() });
      timer ??= setTimeout(sayWhatIsDue, everyMs);
      say(change);
      return;
    }
    const subject = subjectOf(change);
    const before = waiting.changes.get(subject);
    const cancelsOut = before && before.type !== change.type && !waiting.read.has(subject);
    if (cancelsOut) waiting.changes.delete(subject);
    else waiting.changes.set(subject, change);
  }

  function onRead(boardId: string): void {
    const waiting = boards.get(boardId);
    for (const subject of waiting?.changes.keys() ?? []) waiting?.read.add(subject);
  }

  function sayWhatIsDue(): void {
    timer = undefined;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [boardId, waiting] of boards) {
      // A timer may come a fraction of a millisecond early.
      const left = waiting.saidAt + everyMs - now;
      if (left <= 1 && waiting.changes.size === 0) {
        boards.delete(boardId);
        continue;
      }
      if (left <= 1) {
        waiting.saidAt = now;
        sayChanges(boardId, [...waiting.changes.values()]);
        waiting.changes.clear();
        waiting.read.clear();
      }
      next = Math.min(next, waiting.saidAt + everyMs - now);
    }
    if (boards.size > 0) timer ??= setTimeout(sayWhatIsDue, next);
  }

  function sayChanges(boardId: string, changes: readonly Change[]): void {
    if (changes.length > MANY) say(read(boardId));
    else for (const change of changes) say(change);
  }

  return {
    add,
    onRead,
    close() {
      clearTimeout(timer);
      boards.clear();
    },
  };
}

function subjectOf(change: Change): string {
  const isPresence = change.type === "user_joined" || change.type === "user_left";
  return JSON.stringify(
    isPresence ? [change.userId] : [change.userId, (change as TypingChange).taskId ?? null],
  );
}
