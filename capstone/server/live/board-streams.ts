// Grows ../../../chapters/06-auth/member-streams.ts to the asynchronous store and the fast lane: the streams that are open on boards.
import type { ServerResponse } from "node:http";
import { encodeComment, encodeEvent, STREAM_HEADERS } from "../../../chapters/03-sse/event-stream.ts";
import type { BoardPresence } from "../../../chapters/09-presence/board-presence.ts";
import { CLOSE_CODES } from "../../../shared/close-codes.ts";
import { parseCursor, type SentCursor } from "../../../shared/cursor.ts";
import { errorResponse } from "../../../shared/refusal.ts";
import type { Store } from "../store/store.ts";
import type { BoardFeed } from "./board-feed.ts";
import { inForm } from "./encodings.ts";
import type { Feeds } from "./feeds.ts";
import type { Follower } from "./follower.ts";
import type { LiveAuth, LiveSession, Permission, PermissionEnd } from "./live-auth.ts";
import type { LogError } from "./live-log.ts";
import type { Lane } from "./outlet.ts";
import { NO_SUCH_BOARD, refusalFor, tooManyHeld } from "./refusals.ts";
import { follow, unfollow } from "./replay.ts";
import { createRounds } from "./rounds.ts";
import { StreamOutlet, type StreamOwner } from "./stream-lane.ts";

export interface BoardStreamsOptions {
  readonly store: Store;
  readonly auth: Pick<LiveAuth, "permissions" | "charge" | "debtMs">;
  readonly feeds: Feeds;
  readonly people: Pick<BoardPresence, "read">;
  readonly lane: Lane;
  readonly onError: LogError;
  readonly heartbeatMs: number;
  /** @default 15 to 30 minutes */
  readonly maxAgeMs: number | undefined;
  /** @default 2 to 5 seconds */
  readonly retryMs: number | undefined;
}

/** Clients that came together should not come back together. */
const between = (low: number, high: number) => low + Math.random() * (high - low);

const COMMENT = encodeComment("heartbeat");
const HEARTBEAT = { chunk: inForm("chunk", COMMENT), text: inForm("text", COMMENT) };

export function createBoardStreams(options: BoardStreamsOptions) {
  const { store, auth, feeds, people, lane, onError, heartbeatMs, maxAgeMs, retryMs } = options;
  const streams = new Set<MemberStream>();
  const rounds = createRounds<StreamOutlet>(heartbeatMs, (outlet) => {
    if (outlet.isOpen) outlet.send(outlet.form === "chunk" ? HEARTBEAT.chunk : HEARTBEAT.text);
  });
  const ages = createRounds<MemberStream>(Math.min(heartbeatMs, maxAgeMs ?? heartbeatMs), (stream) => {
    if (stream.endsAt <= performance.now()) stream.outlet.close();
  });
  let isClosing = false;

  /** One member's stream on one board. */
  class MemberStream implements StreamOwner {
    slot = 0;
    readonly outlet: StreamOutlet;
    readonly endsAt = performance.now() + (maxAgeMs ?? between(15, 30) * 60_000);
    readonly #feed: BoardFeed;
    readonly #permission: Permission;
    readonly #cursor: SentCursor | undefined;
    #follower: Follower | undefined;

    constructor(
      feed: BoardFeed,
      permission: Permission,
      cursor: SentCursor | undefined,
      node: ServerResponse | undefined,
    ) {
      this.#feed = feed;
      this.#permission = permission;
      this.#cursor = cursor;
      this.outlet = new StreamOutlet(lane, node, retryMs ?? between(2_000, 5_000), this);
      streams.add(this);
      ages.add(this);
      const { signal } = permission;
      const onEnd = ({ code, reason }: PermissionEnd) => this.outlet.end(code, reason);
      signal.addEventListener("abort", () => onEnd(signal.reason), { once: true });
    }

    onOpen(): void {
      const { outlet } = this;
      // The board may have been deleted since the answer began: then this stream was not yet among those that were told.
      if (this.#feed.isOver) {
        outlet.end(CLOSE_CODES.noSuchBoard, "There is no such board any more.");
        return;
      }
      rounds.add(outlet);
      this.onCaughtUp();
      const { userId } = this.#permission;
      this.#follower = follow(this.#feed, outlet, this.#cursor, {
        log: store,
        charge: (bytes) => auth.charge(userId, bytes),
        debtMs: () => auth.debtMs(userId),
        onError: (error) => onError(error, "a replay has failed"),
      });
    }

    onCaughtUp(): void {
      const message = people.read(this.#feed.boardId);
      const presence = encodeEvent({ type: message.type, data: JSON.stringify(message) });
      this.outlet.send(inForm(this.outlet.form === "chunk" ? "chunk" : "text", presence));
    }

    onClose(): void {
      if (!streams.delete(this)) return;
      rounds.delete(this.outlet);
      ages.delete(this);
      this.#permission.release();
      if (this.#follower) unfollow(this.#feed, this.#follower);
      feeds.release(this.#feed);
    }
  }

  /** @param after the cursor that the client sent, as it came; undefined begins at the head */
  async function open(
    session: LiveSession,
    boardId: string,
    after: string | undefined,
    request: Request,
  ): Promise<Response> {
    const { userId } = session;
    if (!(await store.roleOf(userId, boardId))) return NO_SUCH_BOARD.toResponse();
    // Whoever asks for the head only must not leave a stream behind.
    if (request.method === "HEAD") return new Response(null, { headers: STREAM_HEADERS });
    if (isClosing) return errorResponse(503, "busy", "The server is restarting.");
    if (!(await auth.permissions.mayHold(userId))) return tooManyHeld(1_000);
    // First the permission, and then once more the question: whoever is removed from here on is shown out by it.
    const permission = auth.permissions.hold(session, boardId);
    let feed: BoardFeed | undefined;
    let isOpen = false;
    try {
      feed = await feeds.attach(boardId);
      const role = feed && (await store.roleOf(userId, boardId));
      if (!feed || feed.isOver || !role) return NO_SUCH_BOARD.toResponse();
      if (permission.signal.aborted) return refusalFor(permission.signal.reason);
      if (isClosing) return errorResponse(503, "busy", "The server is restarting.");
      const cursor = after === undefined ? feed.head : parseCursor(after);
      const { outlet } = new MemberStream(feed, permission, cursor, nodeResponseOf(request));
      isOpen = true;
      return new Response(outlet.body, { headers: STREAM_HEADERS });
    } finally {
      if (!isOpen) permission.release();
      if (!isOpen && feed) feeds.release(feed);
    }
  }

  return {
    open,

    /** Ends all of them in good order; their clients come back. */
    close(): void {
      isClosing = true;
      for (const { outlet } of [...streams]) {
        outlet.end(CLOSE_CODES.restart, "the server is restarting");
      }
    },

    /** How many are open. */
    get size() {
      return streams.size;
    },
  };
}

/** The answer beneath the request, when a Node server has made it. */
function nodeResponseOf(request: Request): ServerResponse | undefined {
  const { runtime } = request as { runtime?: { node?: { res?: ServerResponse } } };
  return runtime?.node?.res;
}
