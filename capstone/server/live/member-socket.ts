// Grows ../../../chapters/06-auth/member-sockets.ts (with 07's commands and 09's presence) to the asynchronous store: one socket,
// from its 101 to its end.
import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { BoardPresence } from "../../../chapters/09-presence/board-presence.ts";
import { CLOSE_CODES } from "../../../shared/close-codes.ts";
import { parseCursor } from "../../../shared/cursor.ts";
import type { Answer } from "../../board/commands.ts";
import type { ServerMessage } from "../../board/messages.ts";
import type { Store } from "../store/store.ts";
import type { BoardFeed } from "./board-feed.ts";
import { type BadCommand, type ClientMessage, parseMessage } from "./client-messages.ts";
import { messageFrame } from "./encodings.ts";
import type { Feeds } from "./feeds.ts";
import type { Follower } from "./follower.ts";
import type { LiveAuth, LiveSession, Permission, PermissionEnd } from "./live-auth.ts";
import type { LogError } from "./live-log.ts";
import type { Lane } from "./outlet.ts";
import { follow, unfollow } from "./replay.ts";
import type { InRound, Rounds } from "./rounds.ts";
import { SocketOutlet, type SocketOwner } from "./socket-lane.ts";

/** What all sockets have in common. */
export interface SocketContext {
  readonly store: Store;
  readonly auth: LiveAuth;
  readonly feeds: Feeds;
  readonly people: BoardPresence;
  readonly lane: Lane;
  readonly rounds: Rounds<MemberSocket>;
  readonly onError: LogError;
  readonly maxMessageBytes: number;
  readonly maxMessagesPerSecond: number;
  readonly maxBadMessages: number;
  readonly maxBoards: number;
  readonly authWithinMs: number;
  readonly heartbeatMs: number;
}

/** A board that a socket follows, or is about to. */
interface Joined {
  feed: BoardFeed | undefined;
  follower: Follower | undefined;
  isOver: boolean;
}

/** RFC 6455, section 5.5.2: a ping without a payload, unmasked. */
const PING = Buffer.from([0x89, 0]);

/** A class for the same reason as `Outlet`: what belongs to all sockets alike is not made anew for each of them. */
export class MemberSocket implements SocketOwner, InRound {
  slot = 0;
  readonly outlet: SocketOutlet;
  readonly #context: SocketContext;
  readonly #address: string;
  readonly #id = randomUUID();
  readonly #boards = new Map<string, Joined>();
  #session: LiveSession | undefined;
  #permission: Permission | undefined;
  #signInTimer: ReturnType<typeof setTimeout> | undefined;
  #isRedeeming = false;
  #isOver = false;
  #hasAnsweredPing = true;
  #badMessages = 0;
  #second = 0;
  #messagesInSecond = 0;

  constructor(context: SocketContext, socket: WebSocket, connection: Duplex, address: string) {
    this.#context = context;
    this.#address = address;
    this.outlet = new SocketOutlet(context.lane, socket, connection, this);
    const { maxMessageBytes, maxMessagesPerSecond } = context;
    this.#send({ type: "hello", maxMessageBytes, maxMessagesPerSecond });
  }

  /** @param session "later": of somebody who has not said yet who they are. The first message has to be a ticket, and soon. */
  open(session: LiveSession | "later"): void {
    this.#context.rounds.add(this);
    if (session !== "later") this.#openFor(session);
    else this.#signInTimer = setTimeout(() => this.#refuse("no ticket has come"), this.#context.authWithinMs);
  }

  #openFor(session: LiveSession): void {
    const permission = this.#context.auth.permissions.hold(session);
    this.#session = session;
    this.#permission = permission;
    this.#beat();
    const { signal } = permission;
    if (signal.aborted) this.#onEnd(signal.reason as PermissionEnd);
    else signal.addEventListener("abort", () => this.#onEnd(signal.reason as PermissionEnd), { once: true });
  }

  /** Not only the close frame, which somebody may not want to read: from here on there is nothing left to follow. */
  #onEnd({ code, reason }: PermissionEnd): void {
    // Who was removed from one board may be back in a moment for the others.
    this.#detach(code === CLOSE_CODES.notMember ? "broken" : "ended");
    this.outlet.end(code, reason);
  }

  onText(text: string): void {
    if (!this.outlet.isOpen) return; // what came behind the message that closed it
    if (this.#isTooMany()) {
      this.outlet.end(CLOSE_CODES.tooMany, "too many messages");
      return;
    }
    const message = parseMessage(text);
    if (typeof message === "string") this.#onBadMessage(message);
    else {
      this.#badMessages = 0;
      if (this.#session) this.#onMessage(message, this.#session);
      else this.#onFirstMessage(message);
    }
  }

  #isTooMany(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) this.#messagesInSecond = 0;
    this.#second = second;
    this.#messagesInSecond += 1;
    return this.#messagesInSecond > this.#context.maxMessagesPerSecond;
  }

  #onBadMessage(message: string): void {
    this.#badMessages += 1;
    if (this.#badMessages >= this.#context.maxBadMessages) {
      this.outlet.end(CLOSE_CODES.badMessages, "that is not this protocol");
    } else {
      this.#send({ type: "error", code: "bad_message", message });
    }
  }

  #onFirstMessage(message: ClientMessage | BadCommand): void {
    if (message.type !== "auth" || this.#isRedeeming) {
      this.#refuse("the first message is no ticket");
      return;
    }
    this.#isRedeeming = true;
    this.#orFail(this.#signIn(message.ticket));
  }

  async #signIn(ticket: string): Promise<void> {
    const { auth } = this.#context;
    const session = await auth.redeem(ticket);
    const mayHold = session !== undefined && (await auth.permissions.mayHold(session.userId));
    if (!this.outlet.isOpen) return;
    if (!session) return this.#refuse("the ticket is not valid");
    if (!mayHold) return this.outlet.end(CLOSE_CODES.tooMany, "too many connections");
    clearTimeout(this.#signInTimer);
    this.#send({ type: "signed_in", userId: session.userId });
    this.#openFor(session);
  }

  #refuse(reason: string): void {
    this.outlet.end(CLOSE_CODES.notSignedIn, reason);
  }

  #onMessage(message: ClientMessage | BadCommand, session: LiveSession): void {
    if (!this.#permission?.stillHolds()) return;
    const { userId } = session;
    const { people, auth } = this.#context;
    this.#showAlive();
    // Counted for the user, on all of their sockets: a new connection is no new allowance.
    if (auth.messages(userId, this.#address) > 0) {
      this.outlet.end(CLOSE_CODES.tooMany, "too many messages");
      return;
    }
    switch (message.type) {
      case "join":
        this.#orFail(this.#join(message, userId));
        return;
      case "leave":
        this.#leave(message.boardId);
        return;
      case "ping":
        this.#send({ type: "pong" });
        return;
      case "auth":
        this.#send({ type: "error", code: "signed_in", message: `You are ${userId} already.` });
        return;
      case "typing":
        // Who is not on a board does not type there.
        if (this.#isOn(message.boardId)) people.type(message.boardId, this.#id, userId, message.taskId);
        return;
      case "stop_typing":
        people.stopTyping(this.#id, message.boardId);
        return;
      case "bad_command":
        this.#answer(message.key, errorAnswer(400, "bad_input", message.reason));
        return;
      default:
        this.#command(message, session);
    }
  }

  /** At once, so that commands are decided in the order in which they came. Each is answered when it is done. */
  #command({ key, ...command }: CommandMessage, { userId, scope }: LiveSession): void {
    if (scope === "read") {
      this.#answer(key, errorAnswer(403, "forbidden", "This token may only read."));
      return;
    }
    this.#context.store.run(userId, key, command).then(
      (answer) => this.#answer(key, answer),
      (error) => {
        this.#context.onError(error, "a command has failed");
        this.#answer(key, errorAnswer(500, "internal", "Something went wrong on the server."));
      },
    );
  }

  #answer(key: string, answer: Answer): void {
    this.outlet.sendLast(messageFrame({ type: "answer", key, ...answer }));
  }

  async #join(
    { boardId, after, history = 0 }: Extract<ClientMessage, { type: "join" }>,
    userId: string,
  ): Promise<void> {
    const { store, feeds, maxBoards } = this.#context;
    const before = this.#boards.get(boardId);
    if (!before && this.#boards.size >= maxBoards) {
      const message = `A socket follows at most ${maxBoards} boards.`;
      return this.#send({ type: "error", code: "limit_reached", message });
    }
    if (before) this.#stop(before);
    const joined: Joined = { feed: undefined, follower: undefined, isOver: false };
    this.#boards.set(boardId, joined);
    // First this, and then the question: who is removed from here on is shown out.
    this.#permission?.boards.add(boardId);
    const feed = await feeds.attach(boardId);
    try {
      const role = feed && (await store.roleOf(userId, boardId));
      if (joined.isOver) return;
      if (role && !feed.isOver) this.#follow(boardId, joined, feed, { after, history }, userId);
      else {
        this.#forget(boardId, joined);
        this.#send({ type: "error", code: "not_found", message: "There is no such board." });
      }
    } finally {
      if (feed && !joined.follower) feeds.release(feed);
    }
  }

  #follow(boardId: string, joined: Joined, feed: BoardFeed, { after, history }: From, userId: string): void {
    const { store, people, onError } = this.#context;
    people.refresh(boardId, this.#id, userId);
    const here = { epoch: feed.epoch, seq: Math.max(0, feed.flushedSeq - history) };
    const cursor = after === undefined ? here : parseCursor(after);
    this.#send({
      type: "joined",
      boardId,
      seq: cursor?.seq ?? feed.flushedSeq,
      users: people.users(boardId),
    });
    this.#send(people.read(boardId));
    joined.feed = feed;
    joined.follower = follow(feed, this.outlet, cursor, store, (error) =>
      onError(error, "a replay has failed"),
    );
  }

  #leave(boardId: string): void {
    const joined = this.#boards.get(boardId);
    if (joined) this.#forget(boardId, joined);
    this.#send({ type: "left", boardId });
  }

  #forget(boardId: string, joined: Joined): void {
    this.#stop(joined);
    this.#boards.delete(boardId);
    this.#permission?.boards.delete(boardId);
    this.#context.people.leave(boardId, this.#id);
  }

  #stop(joined: Joined): void {
    const { feed, follower } = joined;
    if (joined.isOver) return;
    joined.isOver = true;
    if (feed && follower) unfollow(feed, follower);
    // Who is still joining gives it back by itself.
    if (feed && follower) this.#context.feeds.release(feed);
  }

  /** Whether it has joined a board, and is not only about to. */
  #isOn(boardId: string): boolean {
    return this.#boards.get(boardId)?.follower !== undefined;
  }

  onPong(): void {
    this.#hasAnsweredPing = true;
    if (this.#permission?.stillHolds()) this.#showAlive();
  }

  #showAlive(): void {
    const { people } = this.#context;
    const userId = this.#session?.userId;
    if (userId === undefined) return;
    for (const [boardId, { follower }] of this.#boards) {
      if (follower) people.refresh(boardId, this.#id, userId);
    }
  }

  /** Once in a round. Browsers answer a ping by themselves; the heartbeat is what a script can see. */
  visit(): void {
    if (!this.#hasAnsweredPing) {
      this.outlet.end(CLOSE_CODES.noPong, "no pong");
      return;
    }
    this.#hasAnsweredPing = false;
    this.outlet.send(PING);
    if (this.#session) this.#beat();
  }

  #beat(): void {
    const heads: Record<string, number> = {};
    for (const [boardId, { feed, follower }] of this.#boards) {
      if (feed && follower) heads[boardId] = follower.isLive ? feed.flushedSeq : follower.at;
    }
    this.#send({ type: "heartbeat", everyMs: this.#context.heartbeatMs, heads });
  }

  /** It has read so slowly that signals were not sent to it. */
  onCaughtUp(): void {
    for (const boardId of this.#boards.keys()) {
      if (this.#isOn(boardId)) this.#send(this.#context.people.read(boardId));
    }
  }

  onClosing(): void {
    this.#detach("broken");
  }

  /** The connection is gone, or will be in a moment: nothing is left of it here. */
  #detach(how: "broken" | "ended"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { people, rounds } = this.#context;
    rounds.delete(this);
    clearTimeout(this.#signInTimer);
    this.#permission?.release();
    for (const [boardId, joined] of this.#boards) {
      this.#stop(joined);
      // Nobody types on a broken connection. But it may be a reload.
      people.stopTyping(this.#id, boardId);
      if (how === "broken") people.drop(boardId, this.#id);
      else people.leave(boardId, this.#id);
    }
    this.#boards.clear();
    this.#permission?.boards.clear();
  }

  #send(message: ServerMessage): void {
    this.outlet.send(messageFrame(message));
  }

  /** A bug, or a database that cannot be read, ends this socket, and not the server with all the others. */
  #orFail(run: Promise<void>): void {
    run.catch((error) => {
      this.#context.onError(error, "a socket has failed");
      this.outlet.fail();
    });
  }
}

/** Where a client wants to begin. */
interface From {
  readonly after: string | undefined;
  readonly history: number;
}

type CommandMessage = Extract<ClientMessage, { key: string }>;

function errorAnswer(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
