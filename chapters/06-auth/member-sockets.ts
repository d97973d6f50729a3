// Grows ../05-rooms/room-sockets.ts: only users get a socket, it joins only their boards, and it ends with their permission.
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Boards } from "../../shared/board.ts";
import { CLOSE_CODES } from "../../shared/close-codes.ts";
import { formatCursor, parseCursor, type SentCursor } from "../../shared/cursor.ts";
import type { BoardEvent, Cursor } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { createFollowers, type Encoding } from "../03-sse/followers.ts";
import { encodeFrame, OPCODE } from "../04-websockets/frames.ts";
import {
  createSocketServer,
  type SocketSettings as OpenSocketSettings,
  type SocketOutlet,
} from "../04-websockets/socket-server.ts";
import { createRooms, type Member } from "../05-rooms/rooms.ts";
import { type Auth, tooMany } from "./auth.ts";
import type { MembersOnly } from "./members-only.ts";
import { type ClientMessage, clientMessage, parseMessage, type ServerMessage } from "./messages.ts";
import type { PermissionEnd } from "./permissions.ts";
import { createRateLimit } from "./rate-limit.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import type { Session } from "./sessions.ts";

export interface SocketSettings extends OpenSocketSettings {
  /** How long somebody may take to say who they are, if they have not said it before. In milliseconds. @default 5000 */
  readonly authWithinMs?: number;
}

/** What one client's messages do, and what is to be done when it is gone. */
interface Client<Extra> {
  onMessage(message: ClientMessage | Extra): void;
  onClose(): void;
  onPong?(): void;
}

/** How many sockets an address may open without having said who it is. */
const STRANGERS = { burst: 20, perSecond: 2 };

const boardRoom = (boardId: string) => `board:${boardId}`;
const personRoom = (userId: string) => `user:${userId}`;

const ENCODING: Encoding = {
  event: (event, epoch) => frame({ type: "event", id: formatCursor({ epoch, seq: event.seq }), event }),
  reset: (boardId, reason, { seq }) => frame({ type: "reset", boardId, reason, seq }),
};

export interface MemberSocketsOptions<Extra extends object> {
  readonly boards: Boards;
  readonly members: MembersOnly;
  readonly auth: Auth;
  readonly settings?: SocketSettings | undefined;
  /** Is told of every request for a socket, and what it was answered: 101, or a refusal. */
  onUpgrade?(request: IncomingMessage, status: number, userId: string | undefined): void;
  readonly extension?: Extension<Extra>;
}

/** A member's socket, as an extension sees it. */
export interface MemberSocket {
  /** No other socket of this server has it. */
  readonly id: string;
  readonly userId: string;
  /** The boards that it follows. */
  readonly boards: ReadonlySet<string>;
  send(message: object): void;
  /** Something has gone wrong on our side: closes it, and the client comes back. */
  fail(): void;
}

/** What a later chapter adds: further messages, and something to do for as long as a socket is open. */
export interface Extension<Extra extends object> {
  /** @returns one of our messages, one of the extension's, or a sentence that says what is wrong */
  parse(text: string): ClientMessage | Extra | string;
  onMessage(socket: MemberSocket, message: Extra): void;
  /** @returns what to call when the socket is gone */
  onOpen(socket: MemberSocket): () => void;
  /** Who is there, if the extension knows better than the rooms. They say nothing of comings and goings then. */
  readonly presence?: SocketPresence;
}

export interface SocketPresence {
  /** @returns who is there, with this one */
  onJoin(socket: MemberSocket, boardId: string): readonly string[];
  /** @param how it has said goodbye, or its connection has broken, or it was shown out */
  onLeave(socket: MemberSocket, boardId: string, how: "left" | "broken" | "ended"): void;
  /** It has shown that it is still there. */
  onAlive(socket: MemberSocket): void;
  /** It has read so slowly that signals were not sent to it, and has caught up now. */
  onCaughtUp(socket: MemberSocket): void;
}

const NO_EXTENSION: Extension<never> = { parse: parseMessage, onMessage: () => {}, onOpen: () => () => {} };

export function createMemberSockets<Extra extends object = never>(options: MemberSocketsOptions<Extra>) {
  const { boards, members, auth, settings: { authWithinMs = 5_000, ...settings } = {} } = options;
  const { onUpgrade = () => {}, extension = NO_EXTENSION as Extension<Extra> } = options;
  const { presence } = extension;
  const rooms = createRooms<Member>();
  const followers = createFollowers(boards, ENCODING);
  const strangers = createRateLimit(STRANGERS);
  /** Who was let in: all that comes out of `ws` with a socket is the request that it began with. */
  const admitted = new WeakMap<IncomingMessage, Session | "later">();
  const server = createSocketServer<ClientMessage | Extra>(
    {
      parse: extension.parse,
      encode: frame,
      write: (_socket, connection) => (bytes) => connection.write(bytes),
      open: (outlet, request) => {
        const address = addressOf(request);
        const who = admitted.get(request);
        onUpgrade(request, 101, typeof who === "object" ? who.userId : undefined);
        return typeof who === "object" ? openMember(outlet, who, address) : openStranger(outlet, address);
      },
    },
    settings,
  );

  function addressOf({ socket, headers }: IncomingMessage): string {
    const forwardedFor = headers["x-forwarded-for"];
    return auth.addressOf(socket.remoteAddress, forwardedFor === undefined ? null : String(forwardedFor));
  }

  function upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const [path] = (request.url ?? "").split("?", 1);
    if (path !== "/ws") {
      server.upgrade(request, connection, head); // nothing is there, for nobody
      return;
    }
    decide(request, connection, head).catch((error) => {
      console.error(error);
      connection.destroy();
    });
  }

  async function decide(request: IncomingMessage, connection: Duplex, head: Buffer): Promise<void> {
    let who = await auth.admitSocket(request);
    if (who === "later") {
      const waitMs = strangers.take(addressOf(request));
      if (waitMs > 0) who = tooMany(waitMs);
    }
    const mayHold = !isSession(who) || (await auth.permissions.mayHold(who.userId));
    if (!mayHold) who = tooMany(1_000);
    if (who instanceof Response) {
      onUpgrade(request, who.status, undefined);
      return refuseUpgrade(connection, who);
    }
    admitted.set(request, who);
    server.upgrade(request, connection, head);
  }

  /** From somebody who has not said yet who they are, one message counts: a ticket. And it has to come soon. */
  function openStranger(outlet: SocketOutlet, address: string): Client<Extra> {
    let client: Client<Extra> | undefined;
    let isRedeeming = false;
    const refuse = (reason: string) => outlet.close(CLOSE_CODES.notSignedIn, reason);
    const timer = setTimeout(() => refuse("no ticket has come"), authWithinMs);

    async function signIn(ticket: string): Promise<void> {
      const session = await auth.redeem(ticket);
      const mayHold = session !== undefined && (await auth.permissions.mayHold(session.userId));
      if (!outlet.isOpen) return;
      if (!session) return refuse("the ticket is not valid");
      if (!mayHold) {
        outlet.close(CLOSE_CODES.tooMany, "too many connections");
        return;
      }
      clearTimeout(timer);
      outlet.send(frame({ type: "signed_in", userId: session.userId }));
      client = openMember(outlet, session, address);
    }

    return {
      onMessage(message) {
        if (client) return client.onMessage(message);
        if (!isOurs(message) || message.type !== "auth" || isRedeeming)
          return refuse("the first message is no ticket");
        isRedeeming = true;
        signIn(message.ticket).catch((error) => {
          console.error(error);
          outlet.fail();
        });
      },
      onClose() {
        clearTimeout(timer);
        client?.onClose();
      },
      onPong: () => client?.onPong?.(),
    };
  }

  function openMember(outlet: SocketOutlet, session: Session, address: string): Client<Extra> {
    const { userId } = session;
    const member: Member = { userId, send: sendSignal };
    /** What is meant for one person alone is not left out, however slowly they read. */
    const person: Member = { userId, send: (bytes) => outlet.send(bytes) };
    const permission = auth.permissions.hold(session);
    const unfollows = new Map<string, () => void>();
    const send = (message: ServerMessage) => outlet.send(frame(message));
    const socket: MemberSocket = {
      id: randomUUID(),
      userId,
      boards: permission.boards,
      send: (message) => outlet.send(frame(message)),
      fail: () => outlet.fail(),
    };
    rooms.join(personRoom(userId), person);
    let closeExtension = () => {};

    let hasMissedSignals = false;

    /** What is about now can be done without. A slow reader gets the events, and is told how things are afterwards. */
    function sendSignal(bytes: Uint8Array): void {
      if (!outlet.isBehind || !presence) outlet.send(bytes);
      else if (!hasMissedSignals) catchUp();
    }

    function catchUp(): void {
      hasMissedSignals = true;
      outlet.drained().then(() => {
        hasMissedSignals = false;
        if (outlet.isOpen) presence?.onCaughtUp(socket);
      });
    }

    function onMessage(message: ClientMessage | Extra): void {
      if (!permission.stillHolds()) return;
      presence?.onAlive(socket);
      // Counted for the user, on all of their sockets: a new connection is no new allowance.
      if (auth.messages(userId, address) > 0) outlet.close(CLOSE_CODES.tooMany, "too many messages");
      else if (!isOurs(message)) extension.onMessage(socket, message);
      else if (message.type === "join") join(message);
      else if (message.type === "leave") leave(message.boardId);
      else if (message.type === "ping") send({ type: "pong" });
      else send({ type: "error", code: "signed_in", message: `You are ${userId} already.` });
    }

    function join({ boardId, after, history = 0 }: Extract<ClientMessage, { type: "join" }>): void {
      // As this user: on a board of others the answer is the same as on one that does not exist.
      const mayRead = () => members.readAs(userId).head(boardId);
      if (!(mayRead() instanceof Refusal)) permission.boards.add(boardId);
      // Once more: who is removed from here on is shown out, but another process may have removed them just before.
      const head = mayRead();
      if (head instanceof Refusal) {
        if (!unfollows.has(boardId)) permission.boards.delete(boardId);
        send({ type: "error", code: head.code, message: head.message });
        return;
      }
      const room = boardRoom(boardId);
      const isNew = rooms.connectionsOf(room, userId) === 0;
      const known = presence?.onJoin(socket, boardId);
      rooms.join(room, member);
      unfollows.get(boardId)?.();
      const cursor = whereToBegin(head, after, history);
      send({ type: "joined", boardId, seq: cursor?.seq ?? head.seq, users: known ?? rooms.people(room) });
      unfollows.set(boardId, followers.follow(boardId, outlet, cursor, head));
      if (isNew && !presence) rooms.broadcast(room, frame({ type: "user_joined", boardId, userId }), member);
    }

    function leave(boardId: string): void {
      unfollows.get(boardId)?.();
      unfollows.delete(boardId);
      permission.boards.delete(boardId);
      if (rooms.leave(boardRoom(boardId), member)) tellOthers(boardId, "left");
      send({ type: "left", boardId });
    }

    function tellOthers(boardId: string, how: "left" | "broken" | "ended"): void {
      if (presence) {
        presence.onLeave(socket, boardId, how);
        return;
      }
      const room = boardRoom(boardId);
      if (rooms.connectionsOf(room, userId) === 0) {
        rooms.broadcast(room, frame({ type: "user_left", boardId, userId }));
      }
    }

    function close(how: "broken" | "ended"): void {
      permission.release();
      closeExtension();
      for (const unfollow of unfollows.values()) unfollow();
      rooms.leaveAll(member);
      rooms.leaveAll(person);
      for (const boardId of unfollows.keys()) tellOthers(boardId, how);
      unfollows.clear();
      permission.boards.clear();
    }

    function onPong(): void {
      if (permission.stillHolds()) presence?.onAlive(socket);
    }

    /** Not only the close frame, which somebody may not want to read: from here on there is nothing left to follow. */
    function onEnd(): void {
      const { code, reason } = permission.signal.reason as PermissionEnd;
      // Who was removed from one board may be back in a moment for the others.
      close(code === CLOSE_CODES.notMember ? "broken" : "ended");
      outlet.close(code, reason);
    }
    closeExtension = extension.onOpen(socket);
    if (permission.signal.aborted) onEnd();
    permission.signal.addEventListener("abort", onEnd);

    return { onMessage, onClose: () => close("broken"), onPong };
  }

  function publish(event: BoardEvent): void {
    followers.publish(event);
    const assigned = assignedIn(event);
    if (!assigned) return;
    const { boardId } = event;
    const { assigneeId, task } = assigned;
    // A task stays assigned to whoever has left the board, and is not their business any more.
    if (members.readAs(assigneeId).head(boardId) instanceof Refusal) return;
    rooms.broadcast(personRoom(assigneeId), frame({ type: "assigned", boardId, task }));
  }

  return {
    upgrade,
    close: server.close,
    publish,
    /** Tells all sockets on a board something that is about now. */
    signal: (boardId: string, message: object) => rooms.broadcast(boardRoom(boardId), frame(message)),
    /** How many sockets are open. */
    get size() {
      return server.size;
    },
    /** How many rooms anybody is in. */
    get roomCount() {
      return rooms.roomCount;
    },
  };
}

const OURS = new Set(clientMessage.options.map((option) => option.shape.type.value));

function isOurs(message: object): message is ClientMessage {
  return OURS.has((message as ClientMessage).type);
}

/** Who has a task to do after an event, and which one; if they have not said so themselves. */
export function assignedIn(event: BoardEvent) {
  if (event.type !== "task_created" && event.type !== "task_updated") return undefined;
  const { task } = event.data;
  const { assigneeId } = task;
  return assigneeId === null || assigneeId === event.actorId ? undefined : { assigneeId, task };
}

/** @returns undefined for a cursor that is none */
function whereToBegin(head: Cursor, after: string | undefined, history: number): SentCursor | undefined {
  if (after !== undefined) return parseCursor(after);
  return { ...head, seq: Math.max(0, head.seq - history) };
}

function isSession(who: Session | "later" | Response): who is Session {
  return typeof who === "object" && "userId" in who;
}

/** A message as the bytes that go over the wire. */
function frame(message: object): Uint8Array {
  return encodeFrame(
    { fin: true, opcode: OPCODE.text, payload: Buffer.from(JSON.stringify(message)) },
    "server",
  );
}
