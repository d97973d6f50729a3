import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createBoards } from "../../shared/board.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { browserNetwork } from "../../shared/testing/browser-network.ts";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import type { Following } from "../../shared/web/connect.ts";
import { openTap } from "../../shared/wire/tap.ts";
import { type AppOptions, createApp } from "./app.ts";

/** Bob's client, a tap, the server; and Alice, who works without any trouble. */
async function startBoard(options: Partial<AppOptions> = {}) {
  const { database } = demoBoard();
  const boards = createBoards(database);
  const create = () =>
    createApp({
      database,
      heartbeatMs: 100,
      socketSettings: { heartbeatMs: 100, closeTimeoutMs: 100 },
      ...options,
    });
  let app = create();
  let server = await startServer(app, { graceMs: 100 });
  const tap = await openTap({ target: server.port });
  onTestFinished(() => tap.close());
  const cookie = `session=${app.auth.sessions.create("bob").token}`;
  browserNetwork(`http://127.0.0.1:${tap.port}`, cookie);
  // A copy of the module for each test: it has a queue.
  vi.resetModules();
  const { connect } = await import("./client.ts");

  const received: BoardEvent[] = [];
  const states: string[] = [];
  let following: Following | undefined;
  function follow(): void {
    const { board, seq } = snapshotOf(boards);
    const connection = connect(
      "board-1",
      { epoch: board.epoch, seq },
      (events: BoardEvent[]) => received.push(...events),
      (state: string, detail?: string) => {
        states.push(detail === undefined ? state : `${state}: ${detail}`);
        if (state === "reset") follow();
      },
      "bob",
    );
    if (typeof connection === "function") throw new Error("this chapter's client carries changes");
    following = connection;
  }
  follow();
  onTestFinished(() => following?.stop());
  await until("Bob to be live", () => states.includes("live"));

  return {
    tap,
    received,
    states,
    boards,
    seqs: () => received.map(({ seq }) => seq),
    get app() {
      return app;
    },
    /** Alice changes something. */
    change: (title: string) => {
      const event = accepted(boards.updateTask("alice", "task-1", { title }));
      app.sockets.publish(event);
      return event.seq;
    },
    /** Bob adds a task. */
    add: (title: string) =>
      following?.run({ type: "create_task", task: { listId: "list-todo", title } }) as Promise<{
        status: number;
      }>,
    forget: () => following?.forget(),
    /** In another tab of the same browser. */
    signInAs: (userId: string) => {
      const other = `session=${app.auth.sessions.create(userId).token}`;
      vi.unstubAllGlobals();
      browserNetwork(`http://127.0.0.1:${tap.port}`, other);
    },
    titles: () => snapshotOf(boards).tasks.map(({ title }) => title),
    restart: async (downMs: number) => {
      const { port } = server;
      await server.close();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      app = create();
      server = await startServer(app, { port, graceMs: 100 });
    },
  };
}

describe("a link that dies without a word", () => {
  test("both sides notice, the server lets go, and afterwards nothing is missing", async () => {
    const board = await startBoard();
    const before = performance.now();
    const thaw = board.tap.apply({ target: "everyone", fault: { kind: "freeze" } });
    const seq = board.change("While Bob is gone");
    await until("the server to have let go", () => board.app.sockets.size === 0);
    // A ping, a ping that finds the first one unanswered, and the time for the answer to the close.
    expect(performance.now() - before).toBeLessThan(3_000);
    await until("Bob to have noticed", () => board.states.at(-1) === "waiting");
    expect(board.app.auth.permissions.size).toBe(0);
    thaw();
    await until("Bob to have it", () => board.seqs().includes(seq), 15_000);
    expect(board.seqs()).toEqual([10]);
  });

  test("without a heartbeat of the server, the client never knows", async () => {
    const board = await startBoard({ heartbeatMs: 3_600_000, socketSettings: { heartbeatMs: 3_600_000 } });
    board.tap.apply({ target: "everyone", fault: { kind: "freeze" } });
    board.change("Unheard");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([board.states.at(-1), board.seqs(), board.app.sockets.size]).toEqual(["live", [], 1]);
  });
});

describe("a message that gets lost on a living connection", () => {
  /** Swallows the next message to Bob that matters: what comes before it is a heartbeat or a pong, perhaps. */
  async function dropNext(
    board: Awaited<ReturnType<typeof startBoard>>,
    cause: () => unknown,
  ): Promise<void> {
    board.tap.apply({ target: "everyone", way: "down", fault: { kind: "drop" } });
    await cause();
  }

  test("the last event is noticed by the heartbeat after the next, and asked for again", async () => {
    const board = await startBoard({ heartbeatMs: 300, socketSettings: {} });
    await dropNext(board, () => board.change("Lost on the way"));
    await until("Bob to have it", () => board.seqs().includes(10));
    expect(board.seqs()).toEqual([10]);
    expect(board.states).toEqual(["live", "live"]); // joined again, on the same connection
  });

  test("one in the middle is noticed by the next one", async () => {
    const board = await startBoard({ heartbeatMs: 3_600_000, socketSettings: {} });
    await dropNext(board, () => board.change("Lost on the way"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    board.change("Not lost");
    await until("both", () => board.seqs().length === 2);
    expect(board.seqs()).toEqual([10, 11]);
  });

  test("one that is lost before many others is asked for once, and not once for each of them", async () => {
    const board = await startBoard({ heartbeatMs: 3_600_000, socketSettings: {} });
    await dropNext(board, () => board.change("Lost on the way"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let each = 0; each < 60; each += 1) board.change(`Change ${each}`);
    await until("all", () => board.seqs().length === 61);
    expect(board.states.filter((state) => state === "live").length).toBeLessThan(4);
  });

  test("a command whose answer is lost is asked again, and was carried out once", async () => {
    const board = await startBoard({ heartbeatMs: 300, socketSettings: {} });
    await dropNext(board, () => {});
    const answer = board.add("Once");
    expect((await answer).status).toBe(201);
    expect(board.titles().filter((title) => title === "Once")).toHaveLength(1);
    await until("the event", () => board.seqs().includes(10));
  });

  test("a command that is lost itself is asked again", async () => {
    const board = await startBoard({ heartbeatMs: 300, socketSettings: {} });
    board.tap.apply({ target: "everyone", way: "up", fault: { kind: "drop" } });
    expect((await board.add("Once")).status).toBe(201);
    expect(board.titles().filter((title) => title === "Once")).toHaveLength(1);
  });
});

describe("commands and connections that end", () => {
  test("thirty commands, a cut after every few of them: each is carried out once, in order", async () => {
    const board = await startBoard();
    const answers: Promise<{ status: number }>[] = [];
    for (let each = 0; each < 30; each += 1) {
      answers.push(board.add(`Command ${each}`));
      if (each % 6 === 5) board.tap.apply({ target: "everyone", fault: { kind: "cut" } });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(30).fill(201));
    const mine = board.titles().filter((title) => title.startsWith("Command"));
    expect(mine).toEqual(Array.from({ length: 30 }, (_, each) => `Command ${each}`));
    await until("Bob to have all events", () => board.received.length === 30, 10_000);
    expect(board.seqs()).toEqual(Array.from({ length: 30 }, (_, each) => 10 + each));
  });

  test("what is done while the server is down waits, is counted, and is done afterwards", async () => {
    const board = await startBoard();
    const restarted = board.restart(300);
    await until("Bob to be away", () => board.states.at(-1) === "waiting");
    const answers = [board.add("First"), board.add("Second")];
    expect(board.states).toContain("waiting: 2 of your changes will be sent");
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 201]);
    await restarted;
    await until("Bob to have both", () => board.seqs().length === 2);
  });
});

describe("another tab that signs in somebody else", () => {
  test("ends the connection, and no command is carried out in the wrong name", async () => {
    const board = await startBoard();
    const restarted = board.restart(200);
    await until("Bob to be away", () => board.states.at(-1) === "waiting");
    const answer = board.add("In Bob's name");
    board.signInAs("alice");
    await restarted;
    await until("the end", () => board.states.at(-1)?.startsWith("ended"));
    expect(board.states.at(-1)).toContain("This browser is signed in as alice now.");
    expect(board.titles()).not.toContain("In Bob's name");
    board.forget();
    await expect(answer).rejects.toThrow("given up");
  });
});

describe("an absence that was too long", () => {
  test("the log does not reach back: one reset, a new snapshot, and on it goes; commands survive it", async () => {
    const board = await startBoard({ keepEvents: 3 });
    const thaw = board.tap.apply({ target: "everyone", fault: { kind: "freeze" } });
    await until("Bob to have noticed", () => board.states.at(-1)?.startsWith("waiting"));
    const answer = board.add("Kept through a reset");
    for (let each = 0; each < 10; each += 1)
      board.app.announce(accepted(board.boards.updateTask("alice", "task-1", { title: `${each}` })));
    thaw();
    await until("the reset", () => board.states.includes("reset"), 15_000);
    expect((await answer).status).toBe(201);
    const seq = board.change("After the reset");
    await until("the event", () => board.seqs().includes(seq), 15_000);
    expect(board.titles()).toContain("Kept through a reset");
    expect(board.states.filter((state) => state === "reset")).toHaveLength(1);
  });
});
