// Those who follow a board and those who change it, for measuring.
import { WebSocket } from "ws";
import type { Database } from "../../../shared/database.ts";
import { createSessions } from "../../06-auth/sessions.ts";

/** More would be refused: a user may have 50 connections. */
const SOCKETS_OF_USER = 40;

export const BOARD = "board-1";

let members = 0;

/** New members of the board, as many as so many sockets need. @returns the cookie of each socket */
export function cookiesFor(database: Database, sockets: number): string[] {
  const sessions = createSessions(database);
  const addUser = database.prepare("INSERT INTO users (id, name, password_hash) VALUES (?, ?, NULL)");
  const addMember = database.prepare(
    "INSERT INTO board_members (board_id, user_id, role) VALUES (?, ?, 'editor')",
  );
  const users = Array.from({ length: Math.ceil(sockets / SOCKETS_OF_USER) }, () => {
    members += 1;
    const userId = `member-${members}`;
    addUser.run(userId, userId);
    addMember.run(BOARD, userId);
    return `session=${sessions.create(userId).token}`;
  });
  return Array.from({ length: sockets }, (_, index) => users[index % users.length] ?? "");
}

/** A socket that has joined the board. */
export async function openSocket(port: number, cookie: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
    headers: { cookie, origin: `http://127.0.0.1:${port}` },
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => socket.send(JSON.stringify({ type: "join", boardId: BOARD })));
    socket.on("message", function untilJoined(data: Buffer) {
      if (!data.includes('"joined"')) return;
      socket.off("message", untilJoined);
      resolve();
    });
  });
  return socket;
}

/** Opens many, some at a time. */
export async function openSockets(
  ports: readonly number[],
  cookies: readonly string[],
): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  for (let index = 0; index < cookies.length; index += 50) {
    const some = cookies.slice(index, index + 50);
    sockets.push(
      ...(await Promise.all(
        some.map((cookie, each) => openSocket(ports[(index + each) % ports.length] ?? 0, cookie)),
      )),
    );
  }
  return sockets;
}

/** Someone who changes tasks by a socket. */
export interface Changer {
  /** Begins a change, and says when it is answered. */
  change(title: string): Promise<number>;
  socket: WebSocket;
}

/** A task of their own that they rename: the board stays as large as it is. */
export async function openChanger(port: number, cookie: string): Promise<Changer> {
  const socket = await openSocket(port, cookie);
  const waiting = new Map<string, (answer: { status: number; body?: { id?: string } }) => void>();
  socket.on("message", (data: Buffer) => {
    if (!data.subarray(0, 32).includes('"answer"')) return;
    const { key, ...answer } = JSON.parse(String(data));
    waiting.get(key)?.(answer);
    waiting.delete(key);
  });

  function send(command: object): Promise<{ status: number; body?: { id?: string } }> {
    const key = crypto.randomUUID();
    socket.send(JSON.stringify({ ...command, key }));
    return new Promise((resolve) => waiting.set(key, resolve));
  }

  const { body } = await send({ type: "create_task", task: { listId: "list-done", title: "measured" } });
  const taskId = body?.id;
  return {
    socket,
    change: async (title) => (await send({ type: "update_task", taskId, change: { title } })).status,
  };
}
