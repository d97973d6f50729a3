import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { Database } from "../../shared/database.ts";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { countTimers } from "../../shared/testing/leaks.ts";
import { openRawSocket, rawFrame } from "../../shared/testing/raw-socket.ts";
import { openRawStream } from "../../shared/testing/raw-stream.ts";
import { askForSocket, getTicket } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import { createPermissions } from "./permissions.ts";
import { createSessions } from "./sessions.ts";

const SESSION_MS = 3_600_000;

async function startBoard() {
  const { database, boards } = demoBoard();
  let skew = 0;
  const app = createApp({ database, now: () => Date.now() + skew, sessionLifetimeMs: SESSION_MS });
  const { url, port } = await startServer(app, { graceMs: 100 });
  const cookieOf = (userId: string) => `session=${app.auth.sessions.create(userId).token}`;
  const request = (method: string, path: string, cookie: string, body?: object) =>
    fetch(`${url}${path}`, {
      method,
      headers: { cookie, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const alice = cookieOf("alice");
  return {
    app,
    url,
    port,
    boards,
    cookieOf,
    request,
    /** Something that everybody on the board hears of. */
    rename: async (title: string) => {
      expect((await request("PATCH", "/tasks/task-1", alice, { title })).status).toBe(200);
    },
    removeBob: async () => {
      const { status } = await request("DELETE", "/boards/board-1/members/bob", alice);
      expect(status).toBe(204);
    },
    wait: (ms: number) => {
      skew += ms;
    },
  };
}

type Board = Awaited<ReturnType<typeof startBoard>>;

/** Bob, on every transport that stays open, and Alice on one of them. */
async function openAll(board: Board) {
  const bob = board.cookieOf("bob");
  const { epoch } = snapshotOf(board.boards).board;
  const headers = { Host: `127.0.0.1:${board.port}` };
  const stream = openRawStream(board.port, "/boards/board-1/events", { ...headers, cookie: bob });
  await until("the stream", () => stream.head);
  const socket = await askForSocket(board.url, {}, `?ticket=${await getTicket(board.url, bob)}`);
  socket.say({ type: "join", boardId: "board-1" });
  const others = await askForSocket(
    board.url,
    {},
    `?ticket=${await getTicket(board.url, board.cookieOf("alice"))}`,
  );
  others.say({ type: "join", boardId: "board-1" });
  await until("the sockets", () => socket.of("joined").length + others.of("joined").length === 2);
  const poll = board.request("GET", `/boards/board-1/poll?after=${epoch}:9`, bob);
  await until("all to be held", () => board.app.auth.permissions.size === 4);
  return { bob, stream, socket, others, poll };
}

describe("a permission that ends", () => {
  const ENDS: Record<string, [(board: Board, bob: string) => unknown, number, number, string]> = {
    "a session that expires": [
      ({ wait }) => wait(SESSION_MS),
      4005,
      401,
      "Your session has expired: sign in again.",
    ],
    "a sign-out": [
      ({ request }, bob) => request("DELETE", "/session", bob),
      4401,
      401,
      "You have signed out.",
    ],
    "a membership that is taken away": [
      ({ removeBob }) => removeBob(),
      4403,
      404,
      "You are not a member of this board any more.",
    ],
  };

  for (const [name, [end, code, status, reason]] of Object.entries(ENDS)) {
    test(`${name} ends streams, sockets and open questions within a second, and says why`, async () => {
      const board = await startBoard();
      const { bob, stream, socket, others, poll } = await openAll(board);
      const start = performance.now();
      await end(board, bob);
      await until("the end of all", () => socket.closed.code && stream.isOver, 1_000);
      expect((await poll).status).toBe(status);
      expect(performance.now() - start).toBeLessThan(1_000);
      expect(socket.closed).toEqual({ code, reason });
      expect(stream.events).toEqual([
        { id: undefined, event: "end", data: JSON.stringify({ code, reason }) },
      ]);
      // Not a word of what happens afterwards, and not of the end itself. (Alice's session ends with Bob's if time passes.)
      if (code !== 4005) {
        await board.rename("After the end");
        await until(
          "Alice to hear of it",
          () => others.of("event").at(-1)?.event.data.task?.title === "After the end",
        );
      }
      expect(socket.of("event")).toEqual([]);
      expect(stream.events).toHaveLength(1);
      await until(
        "nothing to be held for Bob",
        () => board.app.auth.permissions.size === (code === 4005 ? 0 : 1),
      );
    });
  }

  test("a sign-out ends what was opened by that sign-in, and nothing else", async () => {
    const board = await startBoard();
    const { bob, socket, stream } = await openAll(board);
    const phone = board.cookieOf("bob");
    const onPhone = await askForSocket(board.url, {}, `?ticket=${await getTicket(board.url, phone)}`);
    onPhone.say({ type: "join", boardId: "board-1" });
    await board.request("DELETE", "/session", bob);
    await until("the end", () => socket.closed.code && stream.isOver, 1_000);
    await board.rename("Still there");
    await until("the phone to hear of it", () => onPhone.of("event").length === 1);
    expect(onPhone.closed).toEqual({});
  });

  test("in the moment of its expiry a session can join nothing more", async () => {
    const board = await startBoard();
    const { socket } = await openAll(board);
    board.wait(SESSION_MS);
    socket.say({ type: "join", boardId: "board-1", after: "0" });
    await until("the end", () => socket.closed.code);
    expect(socket.closed.code).toBe(4005);
    expect([socket.of("joined").length, socket.of("event").length]).toEqual([1, 0]);
  });

  test("a change whose body arrives after the sign-out is not made", async () => {
    const board = await startBoard();
    const cookie = board.cookieOf("bob");
    const body = JSON.stringify({ title: "Too late" });
    const tcp = connect({ port: board.port, host: "127.0.0.1" });
    tcp.write(
      `PATCH /tasks/task-1 HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\nExpect: 100-continue\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    let answer = "";
    tcp.setEncoding("utf8").on("data", (text) => {
      answer += text;
    });
    // The server has let the head in, and waits for the rest.
    await until("the head to be read", () => answer.includes("100 Continue"));
    answer = "";
    await board.request("DELETE", "/session", cookie);
    tcp.write(body.slice(5));
    await until("an answer", () => answer !== "");
    tcp.destroy();
    expect(answer).toContain("HTTP/1.1 401");
    expect(snapshotOf(board.boards).seq).toBe(9);
  });

  test("who is removed and comes back can follow again, with all that happened", async () => {
    const board = await startBoard();
    const { bob, socket } = await openAll(board);
    await board.removeBob();
    await until("the end", () => socket.closed.code);
    await board.rename("Unseen");
    const answer = await board.request("POST", "/boards/board-1/members", board.cookieOf("alice"), {
      userId: "bob",
    });
    expect(answer.status).toBe(201);
    const again = await askForSocket(board.url, {}, `?ticket=${await getTicket(board.url, bob)}`);
    again.say({ type: "join", boardId: "board-1", after: "9" });
    await until("the events", () => again.of("event").length === 3);
    expect(again.of("event").map(({ event }) => event.type)).toEqual([
      "member_removed",
      "task_updated",
      "member_added",
    ]);
  });

  test("a socket that does not answer its close hears nothing more, and others see that it has gone", async () => {
    const board = await startBoard();
    const raw = openRawSocket(board.port, {
      cookie: board.cookieOf("bob"),
      origin: `http://127.0.0.1:${board.port}`,
    });
    raw.tcp.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
    await until("the join", () => raw.texts.some((text) => text.includes("joined")));
    const alice = await askForSocket(
      board.url,
      {},
      `?ticket=${await getTicket(board.url, board.cookieOf("alice"))}`,
    );
    alice.say({ type: "join", boardId: "board-1" });
    await until("the join", () => alice.of("joined").length === 1);
    await board.removeBob();
    await until("the close", () => raw.closeCode);
    expect(raw.closeCode).toBe(4403);
    // It is still connected: it has not answered.
    await until("the news", () => alice.of("user_left").length === 1);
    const before = raw.texts.length;
    raw.tcp.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
    await board.rename("Secret");
    await until("Alice to hear of it", () => alice.of("event").length === 2);
    expect(raw.texts.slice(before)).toEqual([]);
  });

  test("a replay that is under way when the membership is taken away stops there", async () => {
    const board = await startBoard();
    for (let each = 0; each < 2_000; each += 1) {
      accepted(
        board.boards.updateTask("alice", "task-1", {
          title: `Title ${each}`,
          description: "x".repeat(5_000),
        }),
      );
    }
    const headers = { Host: `127.0.0.1:${board.port}`, cookie: board.cookieOf("bob") };
    const stream = openRawStream(board.port, "/boards/board-1/events?after=9", headers);
    await until("the replay to begin", () => stream.events.length > 0);
    stream.socket.pause();
    await board.removeBob();
    stream.socket.resume();
    await until("the end", () => stream.isOver);
    expect(stream.events.at(-1)?.event).toBe("end");
    expect(stream.events.length).toBeLessThan(2_000);
  });

  test("a task that is given to somebody who has left is not told to them", async () => {
    const board = await startBoard();
    const bob = await askForSocket(
      board.url,
      {},
      `?ticket=${await getTicket(board.url, board.cookieOf("bob"))}`,
    );
    const alice = board.cookieOf("alice");
    await board.request("PATCH", "/tasks/task-1", alice, { assigneeId: "bob" });
    await until("the word", () => bob.of("assigned").length === 1);
    await board.removeBob(); // his socket has not joined the board, and stays
    await board.request("PATCH", "/tasks/task-1", alice, { title: "Not for Bob" });
    bob.say({ type: "ping" });
    await until("the pong", () => bob.of("pong").length === 1);
    expect(bob.of("assigned")).toHaveLength(1);
  });
});

describe("what is held", () => {
  test("a user can hold so many, and no more, until one is released", () => {
    const { database } = demoBoard();
    const sessions = createSessions(database);
    const permissions = createPermissions(sessions, 2);
    const { session } = sessions.create("bob");
    const first = permissions.hold(session);
    permissions.hold(sessions.create("bob").session);
    expect([permissions.mayHold("bob"), permissions.mayHold("alice")]).toEqual([false, true]);
    first.release();
    first.release();
    expect(permissions.mayHold("bob")).toBe(true);
  });

  test("the fifty-first stream, question and socket of a user is refused", async () => {
    const board = await startBoard();
    const { session } = board.app.auth.sessions.create("bob");
    for (let each = 0; each < 50; each += 1) board.app.auth.permissions.hold(session);
    const bob = board.cookieOf("bob");
    for (const path of ["events", "poll?after=9"]) {
      expect((await board.request("GET", `/boards/board-1/${path}`, bob)).status).toBe(429);
    }
    const socket = await askForSocket(board.url, {}, `?ticket=${await getTicket(board.url, bob)}`);
    expect([socket.status, socket.refusal]).toEqual([429, "too_many"]);
    const byMessage = await askForSocket(board.url, {}, "?auth=message");
    byMessage.say({ type: "auth", ticket: await getTicket(board.url, bob) });
    await until("the close", () => byMessage.closed.code);
    expect(byMessage.closed.code).toBe(4013);
  });

  test("ten thousand permissions that were held and released leave nothing, and no timer", () => {
    const { database } = demoBoard();
    const sessions = createSessions(database);
    const permissions = createPermissions(sessions, 10_000);
    const { session } = sessions.create("bob");
    const timers = countTimers();
    const held = Array.from({ length: 10_000 }, () => permissions.hold(session, "board-1"));
    expect([permissions.size, countTimers()]).toEqual([10_000, timers + 1]);
    for (const permission of held) permission.release();
    expect([permissions.size, countTimers()]).toEqual([0, timers]);
  });

  test("a session that ended before its permission was held is no permission", () => {
    const { database } = demoBoard();
    const sessions = createSessions(database);
    const permissions = createPermissions(sessions, 10_000);
    const { session } = sessions.create("bob");
    sessions.end(session.id);
    expect(permissions.hold(session).signal.reason).toMatchObject({ code: 4401 });
    expect(permissions.size).toBe(0);
  });
});

describe("somebody whom another process removes while they come in", () => {
  /** Bob is a member for the first so many questions about anybody's role, and after them he is not. */
  function memberFor(database: Database, questions: number): void {
    let asked = 0;
    database.function("still_a_member", (userId) => {
      if (userId === "bob") asked += 1;
      return userId !== "bob" || asked <= questions ? 1 : 0;
    });
    // From now on all statements find this before the table.
    database.exec(
      "CREATE TEMP VIEW board_members AS SELECT * FROM main.board_members WHERE still_a_member(user_id)",
    );
  }

  test("gets no board on their socket", async () => {
    const { database } = demoBoard();
    const app = createApp({ database });
    memberFor(database, 1);
    const { url } = await startServer(app, { graceMs: 100 });
    const cookie = `session=${app.auth.sessions.create("bob").token}`;
    const socket = await askForSocket(url, { cookie, origin: url });
    socket.say({ type: "join", boardId: "board-1" });
    await until("the answer", () => socket.messages.length > 1);
    expect([socket.of("joined"), socket.of("error")[0]?.code]).toEqual([[], "not_found"]);
  });

  test("gets no stream", async () => {
    const { database } = demoBoard();
    const app = createApp({ database });
    memberFor(database, 1);
    const headers = { cookie: `session=${app.auth.sessions.create("bob").token}` };
    const response = await app.request("/boards/board-1/events", { headers });
    expect([response.status, app.streams.size, app.auth.permissions.size]).toEqual([404, 0, 0]);
  });
});
