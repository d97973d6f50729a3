// Grows ../09-presence/board-presence.ts: who is on a board, over all nodes. Each node says for itself who is there, and
// shows what all of them say.
import {
  type BoardPresence,
  type BoardPresenceSettings,
  createBoardPresence,
} from "../09-presence/board-presence.ts";
import type { PresenceMessage } from "../09-presence/messages.ts";
import type { PresenceChange } from "../09-presence/presence.ts";
import type { TypingChange } from "../09-presence/typing.ts";
import { inTurns } from "./in-turns.ts";
import type { RedisBus } from "./redis-bus.ts";
import { createRedisLeases, type Leases } from "./redis-leases.ts";
import type { RedisLink } from "./redis-link.ts";

type Change = PresenceChange | TypingChange;

export interface SharedPeopleSettings extends BoardPresenceSettings {
  /** How often the boards that are watched here are looked at without a hint, in milliseconds. @default 5000 */
  readonly lookMs?: number;
}

/** This node, and what joins it to the others. */
export interface ThisNode {
  readonly redis: RedisLink;
  readonly bus: Pick<RedisBus, "watch" | "onPeopleHint" | "isWatched" | "watchedBoards">;
  /** Names this process, and none before or after it. Without a space. */
  readonly node: string;
}

/** A board, as this node shows it. */
interface Shown {
  /** What the clients here were told. */
  subjects: Set<string>;
  /** What other nodes say, and until when that holds: a time of `performance.now()`. */
  others: ReadonlyMap<string, { readonly subject: string; readonly until: number }>;
  isLooking: boolean;
  /** There was another hint while it was looking. */
  hasToLookAgain: boolean;
}

/** @param signal tells everybody who follows a board here something that is about now, and is in no log */
export function createSharedPeople(
  signal: (boardId: string, change: Change) => void,
  { lookMs = 5_000, ...settings }: SharedPeopleSettings,
  { redis, bus, node }: ThisNode,
): BoardPresence {
  const { leaseMs = 30_000, graceMs = 15_000 } = settings;
  const here = createBoardPresence(onChangeHere, settings);
  const leases = createRedisLeases(redis, node);
  const boards = new Map<string, Shown>();
  /** What this node says of each board on which somebody is connected to it. It watches them, to hear who is shown out. */
  const mine = new Map<string, { readonly subjects: Set<string>; readonly unwatch: () => void }>();
  let since: string | undefined;
  let settledAt = 0;

  /** Somebody has come or gone, as far as this node knows. */
  function onChangeHere(boardId: string, change: Change): void {
    const subject = subjectOf(change);
    if (change.type === "user_joined" || change.type === "user_typing") {
      const ours = mine.get(boardId) ?? { subjects: new Set(), unwatch: bus.watch(boardId) };
      mine.set(boardId, ours);
      ours.subjects.add(subject);
      void hold(boardId, [subject]);
    } else {
      forget(boardId, subject);
      // Perhaps another node still says so: that is decided in Redis, and told to all who watch.
      leases.drop(boardId, [subject]).catch(ignore);
    }
    showOne(boardId, subject);
  }

  function forget(boardId: string, subject: string): void {
    const ours = mine.get(boardId);
    ours?.subjects.delete(subject);
    if (!ours || ours.subjects.size > 0) return;
    mine.delete(boardId);
    ours.unwatch();
  }

  async function hold(boardId: string, subjects: readonly string[]): Promise<void> {
    const typing = subjects.filter(isTyping);
    const people = subjects.filter((subject) => !isTyping(subject));
    await Promise.all([
      people.length > 0 && leases.hold(boardId, leaseMs, people),
      // Shorter: if the node crashes, "is typing" must not stay for half a minute.
      typing.length > 0 && leases.hold(boardId, leaseMs / 2, typing),
    ]).catch(ignore);
  }

  /** Asks who is on a board. Without an answer, what other nodes have said holds until it ends by itself. */
  async function look(boardId: string): Promise<void> {
    if (!bus.isWatched(boardId)) {
      boards.delete(boardId);
      return;
    }
    const shown = shownOf(boardId);
    if (shown.isLooking) {
      shown.hasToLookAgain = true;
      return;
    }
    shown.isLooking = true;
    try {
      do {
        shown.hasToLookAgain = false;
        const found = await leases.read(boardId).catch(ignore);
        if (found) shown.others = learn(shown.others, found);
        show(boardId);
      } while (shown.hasToLookAgain);
    } finally {
      shown.isLooking = false;
    }
  }

  function shownOf(boardId: string): Shown {
    const shown = boards.get(boardId);
    if (shown) return shown;
    const fresh = {
      subjects: new Set(),
      others: new Map(),
      isLooking: false,
      hasToLookAgain: false,
    } as Shown;
    boards.set(boardId, fresh);
    return fresh;
  }

  function learn(before: Shown["others"], found: Leases): Shown["others"] {
    const at = performance.now();
    // A Redis that has just started knows nobody. The other nodes tell it soon, and until then nobody has left.
    if (since !== undefined && since !== found.since) settledAt = at + graceMs;
    since = found.since;
    const others = new Map(at < settledAt ? before : undefined);
    for (const { node: other, subject, forMs } of found.leases) {
      // What this node says it knows better itself; and what it does not understand, a newer node has said.
      if (other !== node && isKnownKind(subject))
        others.set(`${other} ${subject}`, { subject, until: at + forMs });
    }
    return others;
  }

  /** Tells the clients here what has changed since they were told. */
  function show(boardId: string): void {
    const shown = boards.get(boardId);
    if (!shown) return;
    const before = shown.subjects;
    const next = subjectsOn(boardId, shown.others);
    shown.subjects = next;
    for (const subject of before) if (!next.has(subject)) signal(boardId, changeOf(boardId, subject, "gone"));
    for (const subject of next) if (!before.has(subject)) signal(boardId, changeOf(boardId, subject, "come"));
  }

  /** The same for one of them. */
  function showOne(boardId: string, subject: string): void {
    const shown = boards.get(boardId);
    if (!shown) return;
    const isHere = mine.get(boardId)?.subjects.has(subject) || elsewhere(shown.others).has(subject);
    if (isHere === shown.subjects.has(subject)) return;
    if (isHere) shown.subjects.add(subject);
    else shown.subjects.delete(subject);
    signal(boardId, changeOf(boardId, subject, isHere ? "come" : "gone"));
  }

  function subjectsOn(boardId: string, others: Shown["others"]): Set<string> {
    return new Set([...(mine.get(boardId)?.subjects ?? []), ...elsewhere(others)]);
  }

  function elsewhere(others: Shown["others"]): Set<string> {
    const at = performance.now();
    return new Set([...others.values()].filter(({ until }) => until > at).map(({ subject }) => subject));
  }

  function messageOf(boardId: string, others: Shown["others"]): PresenceMessage {
    const users: string[] = [];
    const typing: { userId: string; taskId?: string | undefined }[] = [];
    for (const subject of subjectsOn(boardId, others)) {
      const { type, boardId: _, ...where } = changeOf(boardId, subject, "come");
      if (type === "user_typing") typing.push(where);
      else users.push(where.userId);
    }
    return { type: "presence", boardId, users: users.sort(), typing };
  }

  const read = (boardId: string) => messageOf(boardId, boards.get(boardId)?.others ?? new Map());

  /** Says again what this node says. */
  const renew = (boardId: string) => hold(boardId, [...(mine.get(boardId)?.subjects ?? [])]);

  /** Redis has perhaps forgotten it. */
  async function renewAll(): Promise<void> {
    for (const boardId of [...mine.keys()]) await renew(boardId);
  }

  bus.onPeopleHint(look);
  const stopLooking = inTurns(lookMs, () => new Set([...boards.keys(), ...bus.watchedBoards]), look);
  const stopRenewing = inTurns(leaseMs / 3, () => mine.keys(), renew);
  const forgetUp = redis.onUp(renewAll);

  return {
    refresh(boardId, connectionId, userId) {
      shownOf(boardId);
      here.refresh(boardId, connectionId, userId);
    },
    drop: here.drop,
    type: here.type,
    stopTyping: here.stopTyping,
    leave: here.leave,
    remove: here.remove,
    users: (boardId) => [...read(boardId).users],
    read,

    async ask(boardId) {
      const known = boards.get(boardId)?.others ?? new Map();
      const found = await leases.read(boardId).catch(ignore);
      return messageOf(boardId, found ? learn(known, found) : known);
    },

    /** Ends in good order: whoever was here may come back by another node, and is given the time for it. */
    async close() {
      stopLooking();
      stopRenewing();
      forgetUp();
      here.close();
      for (const [boardId, { subjects, unwatch }] of mine) {
        unwatch();
        const people = [...subjects].filter((subject) => !isTyping(subject));
        await leases.hold(boardId, graceMs, people).catch(ignore);
      }
      mine.clear();
      boards.clear();
    },

    get size() {
      return here.size;
    },
  };
}

/** Redis is away. What was to be said is said again when it is back, or is over by then. */
function ignore(): undefined {}

/** What a node says of somebody, as a word: `["here","bob"]`, `["typing","bob","task-1"]`. */
function subjectOf(change: Change): string {
  if (change.type === "user_joined" || change.type === "user_left")
    return JSON.stringify(["here", change.userId]);
  const { userId, taskId } = change as TypingChange;
  return JSON.stringify(taskId === undefined ? ["typing", userId] : ["typing", userId, taskId]);
}

const isTyping = (subject: string) => subject.startsWith('["typing"');
const isKnownKind = (subject: string) => /^\["(?:here|typing)",/.test(subject);

function changeOf(boardId: string, subject: string, how: "come" | "gone"): Change {
  const [kind, userId, taskId] = JSON.parse(subject) as ["here" | "typing", string, string?];
  if (kind === "here") return { type: how === "come" ? "user_joined" : "user_left", boardId, userId };
  const type = how === "come" ? "user_typing" : "user_stopped_typing";
  return { type, boardId, userId, ...(taskId !== undefined && { taskId }) };
}
