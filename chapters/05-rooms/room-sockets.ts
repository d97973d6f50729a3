// Sockets that are in rooms: on several boards at once, with others whose coming and going they hear of.
import type { IncomingMessage } from "node:http";
import { formatCursor, parseCursor, type SentCursor } from "../../shared/cursor.ts";
import type { BoardEvent, Cursor } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { createFollowers, type Encoding, type Log, type Outlet } from "../03-sse/followers.ts";
import { encodeFrame, OPCODE } from "../04-websockets/frames.ts";
import { createSocketServer, type SocketSettings } from "../04-websockets/socket-server.ts";
import { type ClientMessage, parseMessage, type ServerMessage } from "./messages.ts";
import { createRooms, type Member } from "./rooms.ts";

/** A room of its own for every board, and a private one for every person. */
const boardRoom = (boardId: string) => `board:${boardId}`;
const personRoom = (userId: string) => `user:${userId}`;

const ENCODING: Encoding = {
  event: (event, epoch) => frame({ type: "event", id: formatCursor({ epoch, seq: event.seq }), event }),
  reset: (boardId, reason, { seq }) => frame({ type: "reset", boardId, reason, seq }),
};

export function createRoomSockets(log: Log, settings?: SocketSettings) {
  const rooms = createRooms<Member>();
  const followers = createFollowers(log, ENCODING);
  const server = createSocketServer<ClientMessage>(
    {
      parse: parseMessage,
      encode: frame,
      // Whole frames, made once for all: `ws` would put a new header before the same payload for each of them. It
      // writes its own frames whole and at once too, so they do not get into each other.
      write: (_socket, connection) => (bytes) => connection.write(bytes),
      open,
    },
    settings,
  );

  function open(outlet: Outlet, request: IncomingMessage) {
    const member: Member = { userId: userOf(request), send: (bytes) => outlet.send(bytes) };
    const unfollows = new Map<string, () => void>();
    const send = (message: ServerMessage) => outlet.send(frame(message));
    rooms.join(personRoom(member.userId), member);

    function onMessage(message: ClientMessage): void {
      if (message.type === "ping") send({ type: "pong" });
      else if (message.type === "join") join(message);
      else leave(message.boardId);
    }

    function join({ boardId, after, history = 0 }: Extract<ClientMessage, { type: "join" }>): void {
      const head = log.head(boardId);
      if (head instanceof Refusal) {
        send({ type: "error", code: head.code, message: head.message });
        return;
      }
      const room = boardRoom(boardId);
      const { userId } = member;
      const isNew = rooms.connectionsOf(room, userId) === 0;
      rooms.join(room, member);
      unfollows.get(boardId)?.(); // joined again: from another cursor
      const cursor = whereToBegin(head, after, history);
      send({ type: "joined", boardId, seq: cursor?.seq ?? head.seq, users: rooms.people(room) });
      unfollows.set(boardId, followers.follow(boardId, outlet, cursor, head));
      if (isNew) rooms.broadcast(room, frame({ type: "user_joined", boardId, userId }), member);
    }

    function leave(boardId: string): void {
      unfollows.get(boardId)?.();
      unfollows.delete(boardId);
      if (rooms.leave(boardRoom(boardId), member)) tellOthers(boardId);
      send({ type: "left", boardId });
    }

    /** Only when the last of a person's connections is gone: whoever closes one of two tabs is still there. */
    function tellOthers(boardId: string): void {
      const { userId } = member;
      const room = boardRoom(boardId);
      if (rooms.connectionsOf(room, userId) === 0) {
        rooms.broadcast(room, frame({ type: "user_left", boardId, userId }));
      }
    }

    /** However the socket ended: it is in no room any more, and nothing is left of it. */
    function onClose(): void {
      for (const unfollow of unfollows.values()) unfollow();
      rooms.leaveAll(member);
      for (const boardId of unfollows.keys()) tellOthers(boardId);
    }

    return { onMessage, onClose };
  }

  /** To all who follow the board; and to the one whom it concerns, wherever they are. */
  function publish(event: BoardEvent): void {
    followers.publish(event);
    if (event.type !== "task_created" && event.type !== "task_updated") return;
    const { boardId, data, actorId } = event;
    const { assigneeId } = data.task;
    if (assigneeId === null || assigneeId === actorId) return;
    rooms.broadcast(personRoom(assigneeId), frame({ type: "assigned", boardId, task: data.task }));
  }

  return {
    upgrade: server.upgrade,
    close: server.close,
    publish,
    /** How many sockets are open. */
    get size() {
      return server.size;
    },
    /** How many rooms anybody is in. */
    get roomCount() {
      return rooms.roomCount;
    },
    /** How many boards anybody follows. */
    get boardCount() {
      return followers.boardCount;
    },
  };
}

/** @returns undefined for a cursor that is none */
function whereToBegin(head: Cursor, after: string | undefined, history: number): SentCursor | undefined {
  if (after !== undefined) return parseCursor(after);
  return { ...head, seq: Math.max(0, head.seq - history) };
}

/** Who says they are: a claim that nobody checks before chapter 06. A browser's WebSocket cannot send a header. */
function userOf(request: IncomingMessage): string {
  const [, query] = (request.url ?? "").split("?", 2);
  const user = new URLSearchParams(query).get("user") ?? "";
  return /^[\w-]{1,64}$/.test(user) ? user : "alice";
}

/** A message as the bytes that go over the wire. */
function frame(message: ServerMessage): Uint8Array {
  return encodeFrame(
    { fin: true, opcode: OPCODE.text, payload: Buffer.from(JSON.stringify(message)) },
    "server",
  );
}
