// A tab that hears from the leader. It believes it for as long as it answers: if it falls silent, because its page is frozen or stuck, a
// tab that somebody sees takes its place.
//
// Why not simply wait: a lock is released when a page is closed or crashes, but not while it is frozen, and browsers freeze pages in the
// background. Why only visible tabs ask: timers of hidden ones are throttled to once a minute, so their silence means nothing; and
// messages are not throttled, so a hidden leader still answers at once.
import type { BoardSession } from "./board-session.ts";
import type { TransportName } from "./client-state.ts";
import { browserHints, type Hints } from "./hints.ts";
import type { ManagerStatus } from "./manager-options.ts";
import type { Role } from "./role.ts";
import type { LeaderState, OwnMessage, TabMessage } from "./tab-messages.ts";

export interface FollowerSettings {
  /** The leader is asked so often how things are, in milliseconds. @default 2000 */
  readonly askEveryMs?: number;
  /** A leader that has not answered for so long is replaced, in milliseconds. @default 6000 */
  readonly silentAfterMs?: number;
  /** @default the browser's */
  readonly hints?: Hints;
}

export interface FollowerOptions extends FollowerSettings {
  readonly session: BoardSession;
  post(message: OwnMessage): void;
  /** Takes the leadership. */
  steal(): void;
  onChange(): void;
  onSignedOut(): void;
}

/** Before the leader has said anything. */
const UNKNOWN: ManagerStatus = { state: "catching-up", transport: undefined, forced: false };
/** A hidden leader that has no connection is not the best one to make one. In questions. */
const MAX_LAME_ANSWERS = 2;

export function createFollower(options: FollowerOptions): Role {
  const {
    session,
    post,
    onChange,
    askEveryMs = 2_000,
    silentAfterMs = 6_000,
    hints = browserHints(),
  } = options;
  let leader: LeaderState | undefined;
  let heardAt = Date.now();
  let lameAnswers = 0;
  let wasSignedOut = false;
  const timer = setInterval(ask, askEveryMs);
  (timer as { unref?(): void }).unref?.();
  const unwatch = hints.watch((hint) => {
    if (hint !== "visible") return;
    // What it said before this page was hidden may be long ago.
    leader = leader && { ...leader, status: UNKNOWN };
    heardAt = Date.now();
    ask();
    onChange();
  });

  function ask(): void {
    if (hints.isHidden()) return;
    const silentMs = Date.now() - heardAt;
    if (silentMs > askEveryMs * 1.5) onChange();
    if (silentMs > silentAfterMs || lameAnswers > MAX_LAME_ANSWERS) {
      heardAt = Date.now();
      lameAnswers = 0;
      options.steal();
    } else post({ type: "ask" });
  }

  function onMessage(message: TabMessage): void {
    if (message.type === "state") takeState(message.state);
    if (message.type === "events") takeEvents(message);
    if (message.type === "snapshot") takeSnapshot(message);
  }

  function takeState(state: LeaderState): void {
    leader = state;
    heardAt = Date.now();
    const isFit =
      state.status.state === "live" || state.status.state === "catching-up" || isOver(state.status);
    lameAnswers = isFit || !state.isHidden ? 0 : lameAnswers + 1;
    if (isBehind()) post({ type: "want" });
    // The leader has not heard of these, or this tab has not heard their answers.
    for (const entry of session.undecided) {
      if (!state.undecided.includes(entry.key)) post({ type: "command", entry });
    }
    if (state.status.state === "signed-out" && !wasSignedOut) options.onSignedOut();
    wasSignedOut = state.status.state === "signed-out";
    onChange();
  }

  function isBehind(): boolean {
    const [theirs, ours] = [leader?.cursor, session.cursor];
    if (!theirs) return false;
    return ours === undefined || ours.epoch !== theirs.epoch || ours.seq < theirs.seq;
  }

  function takeEvents({ epoch, events }: Extract<TabMessage, { type: "events" }>): void {
    heardAt = Date.now();
    const last = events.at(-1);
    if (leader && last) leader = { ...leader, cursor: { epoch, seq: last.seq } };
    const hasGap = session.cursor?.epoch !== epoch || session.events(events).hasGap;
    if (hasGap) post({ type: "want" });
  }

  function takeSnapshot({ snapshot, isReset }: Extract<TabMessage, { type: "snapshot" }>): void {
    const { cursor } = session;
    const isOld = cursor?.epoch === snapshot.board.epoch && cursor.seq >= snapshot.seq;
    if (isReset || !isOld) session.snapshot(snapshot);
  }

  function status(): ManagerStatus {
    if (!leader) return UNKNOWN;
    const { status: theirs } = leader;
    const isSure = Date.now() - heardAt <= silentAfterMs;
    if (theirs.state !== "live" || (isSure && !isBehind())) return theirs;
    return { ...theirs, state: "catching-up" };
  }

  ask();
  return {
    get status() {
      return status();
    },
    get people() {
      return leader?.people ?? { users: [], typing: [] };
    },
    get isHeldUp() {
      return leader?.isHeldUp ?? false;
    },
    onMessage,
    poke: () => {}, // the command itself goes to all tabs
    typing: (where) => post({ type: "typing", where }),
    force: (transport: TransportName | "auto") => post({ type: "force", transport }),
    tryNow: () => post({ type: "try" }),
    close() {
      clearInterval(timer);
      unwatch();
    },
  };
}

function isOver({ state }: ManagerStatus): boolean {
  return state === "signed-out" || state === "removed" || state === "gone";
}
