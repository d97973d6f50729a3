// Everything that follows boards as they change: sockets, streams and open questions, with who is there. One feed for each board
// serves all of them.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type BoardPresence, createBoardPresence } from "../../../chapters/09-presence/board-presence.ts";
import { ALONE, type RedisLink } from "../../../chapters/10-scaling/redis-link.ts";
import { createSharedPeople } from "../../../chapters/10-scaling/shared-people.ts";
import { CLOSE_CODES } from "../../../shared/close-codes.ts";
import type { SentCursor } from "../../../shared/cursor.ts";
import type { BoardEvent } from "../../board/events.ts";
import type { Store } from "../store/store.ts";
import type { BoardFeed, Flush } from "./board-feed.ts";
import { createBoardSignals } from "./board-signals.ts";
import { createBoardSockets } from "./board-sockets.ts";
import { createBoardStreams } from "./board-streams.ts";
import { createFeeds } from "./feeds.ts";
import { createFlushes } from "./flushes.ts";
import type { LiveAuth, LiveSession } from "./live-auth.ts";
import type { LiveSettings } from "./live-settings.ts";
import { createLongPolls } from "./long-polls.ts";
import type { MemberSocket } from "./member-socket.ts";
import { joinNodes } from "./nodes.ts";
import type { Lane } from "./outlet.ts";
import { createRounds } from "./rounds.ts";
import { createSlowReaders } from "./slow-readers.ts";

export type { LiveAuth, LiveSession, LiveSettings };

export interface LiveOptions {
  readonly store: Store;
  readonly auth: LiveAuth;
  /** What joins this process to others on the same database. @default nothing: it is alone */
  readonly redis?: RedisLink | undefined;
  readonly settings?: LiveSettings | undefined;
  /** Where it says what has gone wrong. @default nowhere */
  readonly log?: ((fields: object, message: string) => void) | undefined;
  /** Is told of every request for a socket, and what it was answered: 101, or a refusal. */
  readonly onUpgrade?:
    | ((request: IncomingMessage, status: number, userId: string | undefined) => void)
    | undefined;
  /** Is told what has left for the followers of a board. */
  readonly onFlush?: ((flush: Flush) => void) | undefined;
}

export interface LiveCounts {
  readonly sockets: number;
  readonly streams: number;
  readonly polls: number;
  /** That somebody follows here. */
  readonly boards: number;
  /** Connections for which something waits that they have not taken. */
  readonly slow: number;
}

export interface Live {
  /** Answers a request for a WebSocket. The connection is ours from here on. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void;
  /**
   * A stream of Server-Sent Events, or a refusal: 404, 429, 503. To HEAD, its headers.
   * @param after the cursor, as it came; undefined begins at the head
   */
  openStream(
    session: LiveSession,
    boardId: string,
    after: string | undefined,
    request: Request,
  ): Promise<Response>;
  /**
   * 200 with `{ events, seq, more }` as soon as there are events after the cursor; 204 when there are none for long enough; or a
   * refusal: 401, 404, 410, 429, 503.
   * @param hangUp aborted when the client is gone
   */
  longPoll(session: LiveSession, boardId: string, cursor: SentCursor, hangUp: AbortSignal): Promise<Response>;
  /** Who is on which board, by whatever transport. */
  readonly people: BoardPresence;
  /** Something has happened to a board that is no event: it was deleted. Whoever follows it is shown out, on all nodes. */
  look(boardId: string): void;
  counts(): LiveCounts;
  /** Ends everything in good order: streams end, sockets get 1012, open questions are answered. Within a second. */
  close(): Promise<void>;
}

export function createLive(options: LiveOptions): Live {
  const {
    store,
    auth,
    redis = ALONE,
    settings = {},
    log = () => {},
    onUpgrade,
    onFlush = () => {},
  } = options;
  const {
    maxMessageBytes = 65_536,
    maxMessagesPerSecond = 50,
    maxBadMessages = 10,
    maxBoardsOfSocket: maxBoards = 50,
    authWithinMs = 5_000,
    heartbeatMs = 25_000,
    closeTimeoutMs = 5_000,
    maxBacklogBytes = 1_048_576,
    maxStallMs = 5_000,
    streamHeartbeatMs = 15_000,
    streamMaxAgeMs,
    retryMs,
    waitMs = 25_000,
    windowMs = 5,
    signalEveryMs = 100,
    keepBoardsMs = 30_000,
    closeWithinMs = 800,
    // A quiet socket is heard of only at its heartbeats.
    leaseMs = Math.max(30_000, 1.2 * heartbeatMs),
    graceMs = 15_000,
    typingMs = 5_000,
    lookMs = 1_000,
  } = settings;

  const onError = (error: unknown, what: string) => log({ err: error }, what);
  const flushes = createFlushes(windowMs);
  const slow = createSlowReaders(maxStallMs);
  const lane: Lane = { flushes, slow, settings: { maxBacklogBytes, maxStallMs } };

  const signals = createBoardSignals(
    signalEveryMs,
    (message) => feeds.signal(message),
    (boardId) => known.read(boardId),
  );
  const nodes = joinNodes({
    redis,
    lookMs,
    seqOf: (boardId) => feeds.seqOf(boardId),
    look: (boardId) => feeds.look(boardId),
  });
  const presence = { leaseMs, graceMs, typingMs };
  const known = redis.isAlone
    ? createBoardPresence(signals.add, presence)
    : createSharedPeople(
        signals.add,
        { ...presence, lookMs: 5 * lookMs },
        { redis, bus: nodes, node: nodes.node },
      );

  const people: BoardPresence = {
    ...known,
    get size() {
      return known.size;
    },
    read(boardId) {
      signals.onRead(boardId);
      return known.read(boardId);
    },
  };

  const feeds = createFeeds({
    store,
    flushes,
    keepMs: keepBoardsMs,
    watch: nodes.watch,
    onEvent: showOut,
    onFlush,
    // What this process has not heard of may have been that somebody is no member any more: all are asked again.
    onGap: (feed) =>
      !redis.isAlone && endAll(feed, CLOSE_CODES.historyGone, "The log does not reach back that far."),
    onError: (error) => onError(error, "the log could not be read"),
    onGone: (feed) => endAll(feed, CLOSE_CODES.noSuchBoard, "There is no such board any more."),
  });

  function endAll({ live, catchingUp }: BoardFeed, code: number, reason: string): void {
    for (const outlet of [...live, ...catchingUp]) outlet.end(code, reason);
  }

  const sockets = createBoardSockets({
    store,
    auth,
    feeds,
    people,
    lane,
    rounds: createRounds<MemberSocket>(heartbeatMs, (socket) => socket.visit()),
    onError,
    maxMessageBytes,
    maxMessagesPerSecond,
    maxBadMessages,
    maxBoards,
    authWithinMs,
    heartbeatMs,
    closeTimeoutMs,
    ...(onUpgrade && { onUpgrade }),
  });
  const streams = createBoardStreams({
    store,
    auth,
    feeds,
    people,
    lane,
    onError,
    heartbeatMs: streamHeartbeatMs,
    maxAgeMs: streamMaxAgeMs,
    retryMs,
  });
  const polls = createLongPolls({ store, auth, feeds, waitMs });

  /** Whoever is no member any more must not hear of it, nor of anything after it. */
  function showOut(event: BoardEvent): void {
    if (event.type !== "member_removed") return;
    auth.permissions.revoke(event.data.userId, event.boardId);
    people.remove(event.boardId, event.data.userId);
  }

  const stopListening = store.onCommit((events) => {
    nodes.announce(events);
    for (const event of events) {
      // Also on boards whose feed is not open yet: somebody may be on the way in.
      showOut(event);
      feeds.publish(event);
    }
  });

  return {
    upgrade: sockets.upgrade,
    openStream: streams.open,
    longPoll: polls.answer,
    people,
    look(boardId) {
      feeds.look(boardId);
      nodes.announceLook(boardId);
    },
    counts: () => ({
      sockets: sockets.size,
      streams: streams.size,
      polls: polls.size,
      boards: feeds.size,
      slow: slow.size,
    }),

    async close() {
      polls.close();
      streams.close();
      await sockets.close(closeWithinMs);
      stopListening();
      signals.close();
      feeds.close();
      await people.close();
      nodes.close();
    },
  };
}
