// The boards that one socket follows: it joins only those of its user, and is there for as long as it answers.
import type { BoardPresence } from "../../../chapters/09-presence/board-presence.ts";
import { parseCursor } from "../../../shared/cursor.ts";
import type { ServerMessage } from "../../board/messages.ts";
import type { Store } from "../store/store.ts";
import type { BoardFeed } from "./board-feed.ts";
import type { ClientMessage } from "./client-messages.ts";
import { messageFrame } from "./encodings.ts";
import type { Feeds } from "./feeds.ts";
import type { Follower } from "./follower.ts";
import type { LiveAuth, Permission } from "./live-auth.ts";
import type { LogError } from "./live-log.ts";
import type { Outlet } from "./outlet.ts";
import { follow, unfollow } from "./replay.ts";

/** What all sockets have in common. */
export interface JoinedBoardsContext {
  readonly store: Store;
  readonly feeds: Feeds;
  readonly people: BoardPresence;
  readonly auth: Pick<LiveAuth, "charge" | "debtMs">;
  readonly onError: LogError;
  /** How many boards a socket can follow. */
  readonly maxBoards: number;
}

type Join = Extract<ClientMessage, { type: "join" }>;

/** A board that is followed, or is about to be. */
interface Joined {
  feed: BoardFeed | undefined;
  follower: Follower | undefined;
  isOver: boolean;
}

export class JoinedBoards {
  readonly #context: JoinedBoardsContext;
  readonly #outlet: Outlet;
  readonly #connectionId: string;
  readonly #permission: Permission;
  readonly #boards = new Map<string, Joined>();

  constructor(context: JoinedBoardsContext, outlet: Outlet, connectionId: string, permission: Permission) {
    this.#context = context;
    this.#outlet = outlet;
    this.#connectionId = connectionId;
    this.#permission = permission;
  }

  async join(message: Join): Promise<void> {
    const { store, feeds, maxBoards } = this.#context;
    const { boardId } = message;
    const before = this.#boards.get(boardId);
    if (!before && this.#boards.size >= maxBoards) {
      const reason = `A socket follows at most ${maxBoards} boards.`;
      this.#send({ type: "error", code: "limit_reached", message: reason });
      return;
    }
    if (before) this.#stop(before);
    const joined: Joined = { feed: undefined, follower: undefined, isOver: false };
    this.#boards.set(boardId, joined);
    // First this, and then the question: who is removed from here on is shown out.
    this.#permission.boards.add(boardId);
    const feed = await feeds.attach(boardId);
    try {
      const role = feed && (await store.roleOf(this.#permission.userId, boardId));
      if (joined.isOver) return;
      if (role && !feed.isOver) this.#follow(message, joined, feed);
      else {
        this.#forget(boardId, joined);
        // On a board of others the answer is the same as on one that does not exist.
        this.#send({ type: "error", code: "not_found", message: "There is no such board." });
      }
    } finally {
      if (feed && !joined.follower) feeds.release(feed);
    }
  }

  #follow({ boardId, after, history = 0 }: Join, joined: Joined, feed: BoardFeed): void {
    const { store, auth, people, onError } = this.#context;
    const { userId } = this.#permission;
    people.refresh(boardId, this.#connectionId, userId);
    const here = { epoch: feed.epoch, seq: Math.max(0, feed.flushedSeq - history) };
    const cursor = after === undefined ? here : parseCursor(after);
    const users = people.users(boardId);
    this.#send({ type: "joined", boardId, seq: cursor?.seq ?? feed.flushedSeq, users });
    this.#send(people.read(boardId));
    joined.feed = feed;
    joined.follower = follow(feed, this.#outlet, cursor, {
      log: store,
      charge: (bytes) => auth.charge(userId, bytes),
      debtMs: () => auth.debtMs(userId),
      onError: (error) => onError(error, "a replay has failed"),
    });
  }

  leave(boardId: string): void {
    const joined = this.#boards.get(boardId);
    if (joined) this.#forget(boardId, joined);
    this.#send({ type: "left", boardId });
  }

  #forget(boardId: string, joined: Joined): void {
    this.#stop(joined);
    this.#boards.delete(boardId);
    this.#permission.boards.delete(boardId);
    this.#context.people.leave(boardId, this.#connectionId);
  }

  #stop(joined: Joined): void {
    if (joined.isOver) return;
    joined.isOver = true;
    const { feed, follower } = joined;
    // Who is still joining gives it back by itself.
    if (!feed || !follower) return;
    unfollow(feed, follower);
    this.#context.feeds.release(feed);
  }

  /** Whether it has joined a board, and is not only about to. */
  has(boardId: string): boolean {
    return this.#boards.get(boardId)?.follower !== undefined;
  }

  /** The last seq that was sent to the client, of each board. */
  get heads(): Record<string, number> {
    const heads = [...this.#boards].flatMap(([boardId, { feed, follower }]) =>
      feed && follower ? [[boardId, follower.isLive ? feed.flushedSeq : follower.at] as const] : [],
    );
    return Object.fromEntries(heads);
  }

  /** The client has shown that it is still there. */
  refresh(): void {
    for (const boardId of this.#boards.keys()) {
      if (this.has(boardId)) {
        this.#context.people.refresh(boardId, this.#connectionId, this.#permission.userId);
      }
    }
  }

  /** The client has missed signals, and is told how things are. */
  tellPresence(): void {
    for (const boardId of this.#boards.keys()) {
      if (this.has(boardId)) this.#send(this.#context.people.read(boardId));
    }
  }

  /** @param how the connection has broken, and its user may be back in a moment; or it was ended */
  close(how: "broken" | "ended"): void {
    const { people } = this.#context;
    for (const [boardId, joined] of this.#boards) {
      this.#stop(joined);
      people.stopTyping(this.#connectionId, boardId);
      if (how === "broken") people.drop(boardId, this.#connectionId);
      else people.leave(boardId, this.#connectionId);
    }
    this.#boards.clear();
    this.#permission.boards.clear();
  }

  #send(message: ServerMessage): void {
    this.#outlet.send(messageFrame(message));
  }
}
