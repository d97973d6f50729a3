import { connect as connectTcp, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LogPage } from "../../shared/board.ts";
import { openDatabase } from "../../shared/database.ts";
import type { Refusal } from "../../shared/refusal.ts";
import { seed } from "../../shared/seed.ts";
import { accepted, demoBoard } from "../../shared/testing/demo-board.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import { checkThenWait } from "./check-then-wait.ts";
import { longPoll } from "./long-poll.ts";
import { createWaiters } from "./waiters.ts";

function demoApp(waitMs?: number) {
  const { database, boards } = demoBoard();
  const waiters = createWaiters();
  const app = createApp({ database, waiters, ...(waitMs !== undefined && { waitMs }) });
  const poll = (after: string | number) => app.request(`/boards/board-1/poll?after=${after}`);
  return { app, database, boards, waiters, poll };
}

const deleteTask = (app: ReturnType<typeof createApp>, id: string) =>
  app.request(`/tasks/${id}`, { method: "DELETE" });

describe("GET /boards/:boardId/poll", () => {
  test("a waiting client is answered the moment something happens", async () => {
    const { app, poll, waiters } = demoApp();
    const waiting = poll(9);
    await until("the client to wait", () => waiters.size === 1);
    const start = performance.now();
    await deleteTask(app, "task-1");
    const response = await waiting;
    expect(performance.now() - start).toBeLessThan(1_000); // not the 25 s of a timeout
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({ events: [{ seq: 10, type: "task_deleted" }], seq: 10 });
  });

  test("a client that is behind is answered at once", async () => {
    const { poll, waiters } = demoApp();
    const page = await (await poll(7)).json();
    expect(page.events.map((event: { seq: number }) => event.seq)).toEqual([8, 9]);
    expect(page.seq).toBe(9);
    expect(waiters.size).toBe(0);
  });

  test("when nothing happens the answer is 204, and nothing is left behind", async () => {
    const { poll, waiters } = demoApp(20);
    const response = await poll(9);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(waiters.size).toBe(0);
  });

  test("only the clients of the board that changed are woken", async () => {
    const { app, poll, waiters } = demoApp(200);
    const other = app.request("/boards/board-2/poll?after=1");
    const mine = poll(9);
    await until("both to wait", () => waiters.size === 2);
    await deleteTask(app, "task-1");
    expect((await mine).status).toBe(200);
    expect(waiters.size).toBe(1);
    expect((await other).status).toBe(204);
  });

  test("following with one question after another, every event arrives in order and once", async () => {
    const { app, boards, poll } = demoApp();
    const received: number[] = [];
    const following = (async () => {
      for (let cursor = 9; cursor < 59; ) {
        const page = await (await poll(cursor)).json();
        received.push(...page.events.map((event: { seq: number }) => event.seq));
        cursor = page.seq;
      }
    })();
    for (let change = 0; change < 50; change += 1) {
      const answer = await app.request("/tasks/task-1", {
        method: "PATCH",
        body: { title: `Title ${change}` },
      });
      expect(answer.status).toBe(200);
    }
    await following;
    expect(received).toEqual(Array.from({ length: 50 }, (_, index) => 10 + index));
    expect(accepted(boards.head("board-1")).seq).toBe(59);
  });

  test("a cursor that is gone is 410, one that is no number 400, and nobody is left waiting", async () => {
    const { app, poll, waiters } = demoApp();
    for (const [cursor, status] of [
      [10, 410],
      ["0123456789ab:9", 410],
      ["x", 400],
    ] as const) {
      expect([cursor, (await poll(cursor)).status]).toEqual([cursor, status]);
    }
    expect((await app.request("/boards/board-9/poll?after=0")).status).toBe(404);
    expect([waiters.size, waiters.boards]).toEqual([0, 0]);
  });
});

describe("the lost wake-up", () => {
  /** A log whose reading takes a moment, as that of every database across a network does. */
  function slowLog() {
    const { boards, waiters } = demoApp();
    let isReading = 0;
    async function read(): Promise<LogPage | Refusal> {
      const page = boards.eventsAfter("board-1", { seq: 9 }, 10);
      isReading += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return page;
    }
    const register = () => waiters.register("board-1", 200, new AbortController().signal);
    /** Alice's change, right after the client's first look at the log. */
    const changeWhileReading = async () => {
      await until("the log to be read", () => isReading === 1);
      boards.deleteTask("alice", "task-1");
      waiters.wake("board-1");
    };
    return { read, register, changeWhileReading, waiters };
  }

  test("a change between reading and registering is not lost", async () => {
    const { read, register, changeWhileReading, waiters } = slowLog();
    const [response] = await Promise.all([longPoll({ waiter: register(), read }), changeWhileReading()]);
    expect(response.status).toBe(200);
    expect((await response.json()).events).toMatchObject([{ seq: 10 }]);
    expect(waiters.size).toBe(0);
  });

  test("check-then-wait loses it: the client hears nothing until the time is up", async () => {
    const { read, register, changeWhileReading } = slowLog();
    const [response] = await Promise.all([checkThenWait({ register, read }), changeWhileReading()]);
    expect(response.status).toBe(204);
  });

  test("a log that cannot be read leaves no waiter behind", async () => {
    const { register, waiters } = slowLog();
    const read = () => Promise.reject(new Error("the disk is gone"));
    await expect(longPoll({ waiter: register(), read })).rejects.toThrow("the disk is gone");
    expect(waiters.size).toBe(0);
  });
});

describe("over real connections", () => {
  test("a gone client leaves nothing behind", async () => {
    const { app, waiters } = demoApp();
    const server = await startServer(app);
    const aborters = Array.from({ length: 20 }, () => new AbortController());
    const polls = aborters.map(({ signal }) =>
      fetch(`${server.url}/boards/board-1/poll?after=9`, { signal }).then(
        (response) => response.status,
        () => "hung up",
      ),
    );
    await until("all to wait", () => waiters.size === 20);
    for (const aborter of aborters.slice(0, 19)) aborter.abort();
    await until("the waiters to be released", () => waiters.size === 1);
    await fetch(`${server.url}/tasks/task-1`, { method: "DELETE" });
    expect(await Promise.all(polls)).toEqual([...Array.from({ length: 19 }, () => "hung up"), 200]);
    expect(waiters.size).toBe(0);
  });

  test("a server that stops answers everybody who waits", async () => {
    const { app, waiters } = demoApp();
    const server = await startServer(app);
    const polls = Array.from({ length: 5 }, () => fetch(`${server.url}/boards/board-1/poll?after=9`));
    await until("all to wait", () => waiters.size === 5);
    const start = performance.now();
    await server.close();
    expect(performance.now() - start).toBeLessThan(900); // not the second after which they would be cut
    expect((await Promise.all(polls)).map((response) => response.status)).toEqual([204, 204, 204, 204, 204]);
    expect((await app.request("/boards/board-1/poll?after=9")).status).toBe(204); // nobody waits any more
  });

  test("500 clients that wait are all answered by one event", async () => {
    const { app, waiters } = demoApp();
    const server = await startServer(app);
    const polls = Array.from({ length: 500 }, () => fetch(`${server.url}/boards/board-1/poll?after=9`));
    await until("all to wait", () => waiters.size === 500, 10_000);
    await fetch(`${server.url}/tasks/task-1`, { method: "DELETE" });
    const pages = await Promise.all(polls.map(async (poll) => (await poll).json()));
    expect(new Set(pages.map((page) => page.seq))).toEqual(new Set([10]));
    expect(waiters.size).toBe(0);
  });

  test("a proxy that gives up sooner than the server cuts the question off", async () => {
    const patient = demoApp(400);
    const brief = demoApp(50);
    const ask = async (app: ReturnType<typeof createApp>) => {
      const { port } = await startServer(app);
      const proxy = await idleProxy(port, 150);
      const response = await fetch(`http://127.0.0.1:${proxy}/boards/board-1/poll?after=9`).catch(
        () => undefined,
      );
      return response?.status ?? "cut off";
    };
    expect(await ask(patient.app)).toBe("cut off");
    expect(await ask(brief.app)).toBe(204);
    await until("the patient one to notice", () => patient.waiters.size === 0);
  });
});

describe("several processes", () => {
  test("a change made by another process wakes nobody: it is found when the time is up", async () => {
    const file = join(temporaryFolder(), "board.sqlite");
    const [here, there] = [seed(openDatabase(file)), openDatabase(file)];
    const waiters = createWaiters();
    const app = createApp({ database: here, waiters, waitMs: 100 });
    const elsewhere = createApp({ database: there });
    const waiting = app.request("/boards/board-1/poll?after=9");
    await until("the client to wait", () => waiters.size === 1);
    await elsewhere.request("/tasks/task-1", { method: "DELETE" });
    expect((await waiting).status).toBe(204);
    const next = await app.request("/boards/board-1/poll?after=9");
    expect((await next.json()).events).toMatchObject([{ seq: 10, type: "task_deleted" }]);
    here.close();
    there.close();
  });
});

/** A proxy that cuts a connection on which nothing has moved for a while, as load balancers do. */
async function idleProxy(targetPort: number, idleMs: number): Promise<number> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const target = connectTcp(targetPort, "127.0.0.1");
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.setTimeout(idleMs, () => {
        client.destroy();
        target.destroy();
      });
      socket.on("error", () => other.destroy());
      socket.pipe(other);
    }
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return (proxy.address() as { port: number }).port;
}
