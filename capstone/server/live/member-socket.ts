// Grows ../../../chapters/06-auth/member-sockets.ts (with 07's commands and 09's presence) to the asynchronous store: one socket,
// from its 101 to its end.
import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { CLOSE_CODES } from "../../../shared/close-codes.ts";
import type { Answer } from "../../board/commands.ts";
import type { ServerMessage } from "../../board/messages.ts";
import { type BadCommand, type ClientMessage, parseMessage } from "./client-messages.ts";
import { messageFrame } from "./encodings.ts";
import { JoinedBoards, type JoinedBoardsContext } from "./joined-boards.ts";
import type { LiveAuth, LiveSession, Permission, PermissionEnd } from "./live-auth.ts";
import type { Lane } from "./outlet.ts";
import type { InRound, Rounds } from "./rounds.ts";
import { SocketOutlet, type SocketOwner } from "./socket-lane.ts";

/** What all sockets have in common. */
export interface SocketContext extends JoinedBoardsContext {
  readonly auth: LiveAuth;
  readonly lane: Lane;
  readonly rounds: Rounds<MemberSocket>;
  readonly maxMessageBytes: number;
  readonly maxMessagesPerSecond: number;
  readonly maxBadMessages: number;
  readonly authWithinMs: number;
  readonly heartbeatMs: number;
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
  #session: LiveSession | undefined;
  #permission: Permission | undefined;
  #boards: JoinedBoards | undefined;
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
    this.#boards = new JoinedBoards(this.#context, this.outlet, this.#id, permission);
    this.#beat(this.#boards);
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
    const boards = this.#boards;
    if (!boards || !this.#permission?.stillHolds()) return;
    const { userId } = session;
    const { people, auth } = this.#context;
    boards.refresh();
    // Counted for the user, on all of their sockets: a new connection is no new allowance.
    if (auth.messages(userId, this.#address) > 0) {
      this.outlet.end(CLOSE_CODES.tooMany, "too many messages");
      return;
    }
    switch (message.type) {
      case "join":
        this.#orFail(boards.join(message));
        return;
      case "leave":
        boards.leave(message.boardId);
        return;
      case "ping":
        this.#send({ type: "pong" });
        return;
      case "auth":
        this.#send({ type: "error", code: "signed_in", message: `You are ${userId} already.` });
        return;
      case "typing":
        // Who is not on a board does not type there.
        if (boards.has(message.boardId)) people.type(message.boardId, this.#id, userId, message.taskId);
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
    const { auth, store } = this.#context;
    const waitMs = auth.debtMs(userId);
    if (waitMs > 0) {
      // The socket stays: what others do goes on being told, and the client sends the change again later.
      const seconds = Math.ceil(waitMs / 1_000);
      this.#answer(key, errorAnswer(429, "too_many", `Too often: try again in ${seconds} s.`));
      return;
    }
    store.run(userId, key, command).then(
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

  onPong(): void {
    this.#hasAnsweredPing = true;
    if (this.#permission?.stillHolds()) this.#boards?.refresh();
  }

  /** Once in a round. Browsers answer a ping by themselves; the heartbeat is what a script can see. */
  visit(): void {
    if (!this.#hasAnsweredPing) {
      this.outlet.end(CLOSE_CODES.noPong, "no pong");
      return;
    }
    this.#hasAnsweredPing = false;
    this.outlet.send(PING);
    if (this.#boards) this.#beat(this.#boards);
  }

  #beat({ heads }: JoinedBoards): void {
    this.#send({ type: "heartbeat", everyMs: this.#context.heartbeatMs, heads });
  }

  /** It has read so slowly that signals were not sent to it. */
  onCaughtUp(): void {
    this.#boards?.tellPresence();
  }

  onClosing(): void {
    this.#detach("broken");
  }

  /** The connection is gone, or will be in a moment: nothing is left of it here. */
  #detach(how: "broken" | "ended"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#context.rounds.delete(this);
    clearTimeout(this.#signInTimer);
    this.#permission?.release();
    this.#boards?.close(how);
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

type CommandMessage = Extract<ClientMessage, { key: string }>;

function errorAnswer(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
