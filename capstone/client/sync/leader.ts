// The tab that has the connection: it follows the board for all tabs, and sends what is in the outbox.
import type { Answer } from "../../board/commands.ts";
import type { BoardEvent } from "../../board/events.ts";
import { checkUser, fetchSnapshot } from "./board-requests.ts";
import type { BoardSession } from "./board-session.ts";
import type { TransportName } from "./client-state.ts";
import { createCommandSender, type Pace } from "./command-sender.ts";
import { createConnectionManager } from "./connection-manager.ts";
import { browserHints } from "./hints.ts";
import { createLeaderPresence } from "./leader-presence.ts";
import type { ManagerSettings, ManagerStatus } from "./manager-options.ts";
import type { Server } from "./requests.ts";
import type { Role } from "./role.ts";
import { createSaver } from "./saver.ts";
import type { LeaderState, OwnMessage, TabMessage } from "./tab-messages.ts";
import { SIGNED_OUT } from "./transports/refused.ts";
import type { End, Transport } from "./transports/transport.ts";
import { catchUp } from "./transports/updates.ts";

export interface LeaderSettings extends ManagerSettings {
  /** The board is stored for a page that starts offline so often at most, in milliseconds. @default 2000 */
  readonly saveEveryMs?: number;
  /** @default 29 days */
  readonly maxCommandAgeMs?: number;
  /** How fast changes are sent that have waited. @default 20 at once, then one each 50 ms */
  readonly pace?: Pace;
  /** Without a socket it is said so often that the user is there, in milliseconds. @default 10000 */
  readonly presenceMs?: number;
}

export interface LeaderOptions extends LeaderSettings, Server {
  readonly boardId: string;
  readonly userId: string;
  readonly session: BoardSession;
  readonly transports: readonly Transport[];
  /** What the user has chosen before. */
  readonly forced: TransportName | "auto";
  /** To the other tabs. */
  post(message: OwnMessage): void;
  onChange(): void;
  onSignedOut(): void;
}

export function createLeader(options: LeaderOptions): Role {
  const { boardId, userId, session, post, hints = browserHints() } = options;
  const { answerWithinMs = 10_000 } = options;
  const closing = new AbortController();
  const others = new Set<string>();
  const saver = createSaver(session.save, options.saveEveryMs);
  let isResetting = false;
  let isFilling = false;
  let wasSendable = false;
  let wasEnded = false;
  let told = "";

  const manager = createConnectionManager({
    ...options,
    cursor: () => (isResetting ? undefined : session.cursor),
    load,
    checkUser: (signal) => checkUser(options, userId, signal),
    onEvents: takeEvents,
    onSignal: (message) => presence.onSignal(message),
    onReset() {
      isResetting = true;
    },
    onStatus: () => queueMicrotask(onStatus),
  });

  const presence = createLeaderPresence({
    ...options,
    connection: manager,
    onChange() {
      tellState();
      options.onChange();
    },
  });

  const sender = createCommandSender({
    next: () => session.next(),
    canSend: () => manager.canSend,
    run: manager.run,
    onSending: session.sending,
    onAnswer: takeAnswer,
    onPause() {
      tellState();
      options.onChange();
    },
    onSignedOut: () => manager.end({ kind: "signed-out", reason: SIGNED_OUT }),
    backoff: options.backoff,
    maxAgeMs: options.maxCommandAgeMs,
    pace: options.pace,
  });

  async function load(signal: AbortSignal): Promise<End | undefined> {
    const snapshot = await fetchSnapshot(options, boardId, signal);
    if (closing.signal.aborted || "kind" in snapshot) return "kind" in snapshot ? snapshot : undefined;
    isResetting = false;
    session.snapshot(snapshot);
    post({ type: "snapshot", snapshot, isReset: true });
    saver.soon();
    return undefined;
  }

  function takeEvents(events: readonly BoardEvent[], epoch: string): void {
    if (isResetting || closing.signal.aborted) return;
    if (epoch !== session.cursor?.epoch) {
      manager.end({ kind: "reset" });
      return;
    }
    const { applied, hasGap } = session.events(events);
    if (applied.length > 0) {
      post({ type: "events", epoch, events: applied });
      saver.soon();
    }
    if (hasGap) fillGap().catch(() => manager.end({ kind: "away" }));
  }

  /** Something has got lost on the way. The log still has it. */
  async function fillGap(): Promise<void> {
    if (isFilling || !session.cursor) return;
    isFilling = true;
    const cursor = () => session.cursor ?? { epoch: "", seq: 0 };
    const question = { boardId, cursor, signal: closing.signal, withinMs: answerWithinMs };
    const end = await catchUp(options, question, takeEvents).finally(() => {
      isFilling = false;
    });
    if (end && !closing.signal.aborted) manager.end(end);
  }

  function takeAnswer(key: string, answer: Answer): void {
    session.answer(key, answer, true);
    post({ type: "answer", key, answer });
    saver.soon();
    tellState();
  }

  function onStatus(): void {
    if (closing.signal.aborted) return;
    const { state } = manager.status();
    const isOver = state === "signed-out" || state === "removed" || state === "gone";
    presence.onStatus(state === "offline" || isOver);
    const isNews = isOver && !wasEnded;
    wasEnded ||= isOver;
    if (isNews) over(state);
    if (manager.canSend && !wasSendable) sender.retryNow();
    wasSendable = manager.canSend;
    tellState();
    options.onChange();
  }

  function over(state: ManagerStatus["state"]): void {
    if (state === "signed-out") {
      options.onSignedOut();
      return;
    }
    saver.stop();
    session.forget();
    const { reason = "" } = manager.status();
    session.refuseAll({ status: 404, body: { error: { code: "not_found", message: reason } } });
  }

  function leaderState(): LeaderState {
    const undecided = session.undecided.map(({ key }) => key);
    return {
      status: manager.status(),
      people: presence.people,
      cursor: session.cursor,
      isHidden: hints.isHidden(),
      isHeldUp: sender.isHeldUp,
      undecided,
    };
  }

  /** To all tabs, if there is anything new. */
  function tellState(): void {
    const { cursor: _, ...state } = leaderState();
    const text = JSON.stringify(state);
    if (text === told) return;
    told = text;
    post({ type: "state", state: leaderState() });
  }

  function onMessage(message: TabMessage): void {
    if (message.type === "bye") others.delete(message.from);
    else others.add(message.from);
    if (message.type === "ask") post({ type: "state", state: leaderState() });
    if (message.type === "want" && session.asSnapshot) {
      post({ type: "snapshot", snapshot: session.asSnapshot, isReset: false });
    }
    if (message.type === "command") takeCommand(message.entry);
    if (message.type === "typing") presence.typing(message.where);
    if (message.type === "force") manager.force(message.transport);
    if (message.type === "try") manager.tryNow();
  }

  function takeCommand(entry: Extract<TabMessage, { type: "command" }>["entry"]): void {
    const answer = session.answerTo(entry.key);
    // It has missed the answer.
    if (answer) post({ type: "answer", key: entry.key, answer });
    else session.merge([entry]);
    sender.poke();
  }

  // What the leader before this one has not managed to send, and what tabs that are gone have left.
  session.mergeOutbox().then(() => !closing.signal.aborted && sender.poke());
  if (options.forced !== "auto") manager.force(options.forced);
  queueMicrotask(onStatus);

  return {
    get status() {
      return manager.status();
    },
    get people() {
      return presence.people;
    },
    get isHeldUp() {
      return sender.isHeldUp;
    },
    onMessage,
    poke: sender.poke,
    typing: presence.typing,
    force: manager.force,
    tryNow: manager.tryNow,
    close(isClosing) {
      closing.abort();
      sender.close();
      // Where other tabs stay, the user stays.
      const isLeaving = isClosing && others.size === 0;
      presence.close(isLeaving);
      manager.close(isLeaving);
      saver.finish();
    },
  };
}
