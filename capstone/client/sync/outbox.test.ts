import "fake-indexeddb/auto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { createRandom } from "../../../shared/wire/random.ts";
import type { Snapshot } from "../../board/events.ts";
import { deleteOutbox, openOutbox } from "./indexed-db-outbox.ts";
import { createMemoryOutbox } from "./memory-outbox.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";
import { startModelServer } from "./testing/model-server.ts";
import { modelClient } from "./testing/open-client.ts";

let users = 0;
const newUser = () => {
  users += 1;
  return `user-${users}`;
};

const entry = (key: string, order: number, change: Partial<OutboxEntry> = {}): OutboxEntry => ({
  key,
  userId: "alice",
  boardId: "board-1",
  command: { type: "delete_task", taskId: "task-1" },
  at: "2026-11-21T08:00:00.000Z",
  order,
  state: "waiting",
  ...change,
});

const snapshot = (seq: number, epoch = "e1"): Snapshot => ({
  board: { id: "board-1", name: "Board", epoch, members: [] },
  lists: [],
  tasks: [],
  comments: [],
  seq,
});

describe.each([
  ["in memory", async () => createMemoryOutbox()],
  ["in IndexedDB", () => openOutbox(newUser())],
] as [string, () => Promise<Outbox>][])("an outbox %s", (_, open) => {
  test("keeps commands of a board in their order", async () => {
    const outbox = await open();
    await outbox.add(entry("second", 2));
    await outbox.add(entry("first", 1));
    await outbox.add(entry("elsewhere", 3, { boardId: "board-2" }));
    expect((await outbox.entries("board-1")).map(({ key }) => key)).toEqual(["first", "second"]);
    await outbox.remove("first");
    expect((await outbox.entries("board-1")).map(({ key }) => key)).toEqual(["second"]);
  });

  test("a tab that adds late does not undo what another one knows already", async () => {
    const outbox = await open();
    await outbox.put(entry("key", 1, { state: "accepted", seq: 7 }));
    await outbox.add(entry("key", 1));
    expect(await outbox.entries("board-1")).toMatchObject([{ state: "accepted", seq: 7 }]);
  });

  test("an accepted command stays until a stored snapshot contains it, a refused one stays", async () => {
    const outbox = await open();
    await outbox.add(entry("accepted", 1, { state: "accepted", seq: 7 }));
    await outbox.add(entry("refused", 2, { state: "refused", answer: { status: 410 } }));
    await outbox.add(entry("waiting", 3));
    await outbox.saveSnapshot(snapshot(6));
    expect(await outbox.entries("board-1")).toHaveLength(3);
    await outbox.saveSnapshot(snapshot(7));
    expect((await outbox.entries("board-1")).map(({ key }) => key)).toEqual(["refused", "waiting"]);
  });

  test("an older snapshot does not replace a newer one, unless the log is another one", async () => {
    const outbox = await open();
    await outbox.saveSnapshot(snapshot(9));
    await outbox.saveSnapshot(snapshot(8));
    expect((await outbox.snapshot("board-1"))?.seq).toBe(9);
    await outbox.saveSnapshot(snapshot(2, "e2"));
    expect((await outbox.snapshot("board-1"))?.seq).toBe(2);
    expect(await outbox.boards()).toEqual([snapshot(2, "e2").board]);
    await outbox.forgetSnapshot("board-1");
    expect(await outbox.boards()).toEqual([]);
    expect(await outbox.snapshot("board-1")).toBeUndefined();
  });
});

describe("the database", () => {
  test("outlives the page, and each user has their own", async () => {
    const [alice, bob] = [newUser(), newUser()];
    const first = await openOutbox(alice);
    expect(first.isDurable).toBe(true);
    await first.add(entry("key", 1));
    await first.close();
    expect(await (await openOutbox(alice)).entries("board-1")).toHaveLength(1);
    expect(await (await openOutbox(bob)).entries("board-1")).toEqual([]);
    await deleteOutbox(alice);
    expect(await (await openOutbox(alice)).entries("board-1")).toEqual([]);
  });

  test("where there is none, it is one in memory and says so", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const outbox = await openOutbox("nobody");
    vi.unstubAllGlobals();
    expect(outbox.isDurable).toBe(false);
    await outbox.add(entry("key", 1));
    expect(await outbox.entries("board-1")).toHaveLength(1);
  });
});

describe("a page that is reloaded", () => {
  test("offline it shows the board as it was, with what was done; online that is done, once", async () => {
    const server = await startModelServer();
    const user = newUser();
    const before = modelClient(server, "alice", { outbox: await openOutbox(user) });
    await until("live", () => before.state().status.state === "live");
    before.run({ type: "rename_board", boardId: "board-1", board: { name: "Renamed online" } });
    await until("the acknowledgement", () => before.state().status.waiting === 0);
    server.network.isDown = true;
    server.cut();
    await until("offline", () => before.state().status.state === "offline");
    before.run({ type: "create_task", task: { id: "offline", listId: "list-todo", title: "Offline" } });
    before.run({ type: "update_task", taskId: "offline", change: { title: "Offline, renamed" } });
    before.run({ type: "delete_task", taskId: "task-1" });
    expect(before.state().status.waiting).toBe(3);
    await before.close();

    const after = modelClient(server, "alice", { outbox: await openOutbox(user) });
    await until("the stored board", () => after.state().view);
    const offline = after.state();
    expect(offline.view?.board.name).toBe("Renamed online");
    expect(offline.view?.tasks.get("offline")?.title).toBe("Offline, renamed");
    expect(offline.view?.tasks.has("task-1")).toBe(false);
    await until("the truth", () => after.state().status.state === "offline");
    expect(after.state().status).toMatchObject({ waiting: 3, reason: "The server cannot be reached." });

    server.network.isDown = false;
    await until("everything sent", () => after.state().pending.length === 0);
    const events = await server.store.eventsBefore("board-1", undefined, 4);
    expect(events.map(({ type }) => type).reverse()).toEqual([
      "board_renamed",
      "task_created",
      "task_updated",
      "task_deleted",
    ]);
  });

  test("a crash at any moment: what was given is done exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
        const random = createRandom(seed);
        const server = await startModelServer(60);
        server.network.losesAnswer = () => random() < 0.2;
        server.network.delayMs = () => random() * 4;
        const user = newUser();
        const given: string[] = [];
        for (let life = 0; life < 4; life += 1) {
          const client = modelClient(server, "alice", { outbox: await openOutbox(user) });
          await until("the board", () => client.state().view);
          for (let at = 0; at < 4; at += 1) {
            const id = `task-${life}-${at}`;
            client.run({ type: "create_task", task: { id, listId: "list-todo", title: id } });
            given.push(id);
            await new Promise((resolve) => setTimeout(resolve, random() * 12));
          }
          await client.close(); // nothing is waited for but the database
        }
        server.network.losesAnswer = () => false;
        const last = modelClient(server, "alice", { outbox: await openOutbox(user) });
        await until(
          "everything sent",
          () => last.state().status.state === "live" && last.state().pending.length === 0,
        );
        const events = await server.store.eventsBefore("board-1", undefined, 100);
        const created = events
          .filter(({ type }) => type === "task_created")
          .map(({ data }) => (data as { task: { id: string } }).task.id)
          .filter((id) => given.includes(id));
        expect(created.reverse()).toEqual(given);
        expect(last.state().notices).toEqual([]);
        await last.close();
      }),
      { numRuns: 5 },
    );
  }, 60_000);

  test("a refused change is still said, with its text, until it is dismissed", async () => {
    const server = await startModelServer();
    const outbox = await openOutbox(newUser());
    const before = modelClient(server, "alice", { outbox });
    await until("live", () => before.state().status.state === "live");
    await server.store.run("bob", undefined, { type: "delete_task", taskId: "task-1" });
    before.run({ type: "add_comment", taskId: "task-1", comment: { text: "Words of mine" } });
    const notice = await until("the notice", () => before.state().notices[0]);
    expect(notice).toMatchObject({
      kind: "rejected",
      error: { code: "gone", actorId: "bob" },
      text: "Words of mine",
    });
    expect(before.state().pending).toEqual([]);
    await before.close();

    const after = modelClient(server, "alice", { outbox });
    await until("the notice again", () => after.state().notices.length === 1);
    after.dismiss(notice.id);
    expect(after.state().notices).toEqual([]);
    await after.close();
    expect(await outbox.entries("board-1")).toEqual([]);
  });

  test("a command that waited for a month is not sent, and handed back", async () => {
    const server = await startModelServer();
    const outbox = createMemoryOutbox();
    const old = new Date(Date.now() - 29 * 86_400_000 - 1_000).toISOString();
    const command = {
      type: "create_task",
      task: { id: "old", listId: "list-todo", title: "Old words" },
    } as const;
    await outbox.add(entry("0123456789abcdef", 1, { command, at: old, state: "sent" }));
    const client = modelClient(server, "alice", { outbox });
    await until("the notice", () => client.state().notices.length === 1);
    expect(client.state().notices).toMatchObject([
      { kind: "rejected", error: { code: "too_old" }, text: "Old words" },
    ]);
    expect(server.runs.size).toBe(0);
  });
});
