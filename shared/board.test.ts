import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBoards } from "./board.ts";
import { openDatabase } from "./database.ts";
import type { BoardEvent, Snapshot } from "./events.ts";
import { Refusal } from "./refusal.ts";
import { seed } from "./seed.ts";
import { accepted, demoBoard } from "./testing/demo-board.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { applyEvent } from "./web/board-state.ts";

function refusalOf(result: unknown): string | undefined {
  return result instanceof Refusal ? result.code : undefined;
}

function titles(snapshot: Snapshot | Refusal, listId: string): string[] {
  return accepted(snapshot)
    .tasks.filter((task) => task.listId === listId)
    .map((task) => task.id);
}

describe("seed data", () => {
  test("is two boards whose logs tell how they came to be", () => {
    const { boards } = demoBoard();
    const one = accepted(boards.snapshot("board-1"));
    expect(one.board).toMatchObject({ id: "board-1", members: [{ userId: "alice" }, { userId: "bob" }] });
    expect(one.lists.map((list) => list.id)).toEqual(["list-todo", "list-doing", "list-done"]);
    expect(one.tasks.map((task) => task.id)).toEqual(["task-1", "task-2", "task-3", "task-4"]);
    expect(one.seq).toBe(9);
    expect(accepted(boards.snapshot("board-2")).board.members).toMatchObject([{ userId: "carol" }]);
  });
});

describe("a change", () => {
  test("returns its event, and the log and the snapshot say the same", () => {
    const { boards } = demoBoard(() => Date.parse("2026-11-21T08:00:00.000Z"));
    const event = accepted(boards.createTask("bob", { id: "t", listId: "list-todo", title: "New" }));
    expect(event).toEqual({
      seq: 10,
      type: "task_created",
      boardId: "board-1",
      actorId: "bob",
      at: "2026-11-21T08:00:00.000Z",
      data: {
        task: {
          id: "t",
          listId: "list-todo",
          title: "New",
          description: "",
          assigneeId: null,
          position: "a2",
          version: 1,
          updatedAt: "2026-11-21T08:00:00.000Z",
        },
      },
    });
    expect(accepted(boards.eventsAfter("board-1", { seq: 9 }, 10))).toEqual({
      events: [event],
      seq: 10,
      more: false,
    });
    expect(accepted(boards.snapshot("board-1"))).toMatchObject({ seq: 10 });
  });

  test("that is refused changes nothing: no row, no event, no seq", () => {
    const { database, boards } = demoBoard();
    const dump = () =>
      ["boards", "lists", "tasks", "events", "board_members"].map((table) =>
        database.prepare(`SELECT * FROM ${table}`).all(),
      );
    const before = dump();
    const refusals = [
      boards.createTask("alice", { listId: "nowhere", title: "x" }),
      boards.createTask("alice", { id: "task-1", listId: "list-todo", title: "x" }),
      boards.createTask("alice", { listId: "list-todo", title: "x", assigneeId: "carol" }),
      boards.createTask("mallory", { listId: "list-todo", title: "x" }),
      boards.updateTask("alice", "task-9", { title: "x" }),
      boards.updateTask("alice", "task-1", { title: "x", version: 7 }),
      boards.updateTask("alice", "task-1", { assigneeId: "carol" }),
      boards.moveTask("alice", "task-9", { listId: "list-todo" }),
      boards.moveTask("alice", "task-1", { listId: "nowhere" }),
      boards.deleteTask("alice", "task-9"),
      boards.createList("alice", "board-9", { name: "x" }),
      boards.createList("alice", "board-1", { id: "list-todo", name: "x" }),
      boards.renameList("alice", "list-9", { name: "x" }),
      boards.moveList("alice", "list-9", {}),
      boards.deleteList("alice", "list-9"),
      boards.renameBoard("alice", "board-9", { name: "x" }),
      boards.addMember("alice", "board-9", { userId: "bob" }),
      boards.addMember("alice", "board-1", { userId: "bob" }),
      boards.addMember("alice", "board-1", { userId: "nobody" }),
      boards.removeMember("alice", "board-1", "carol"),
    ];
    expect(refusals.map(refusalOf)).toEqual([
      ...["not_found", "exists", "invalid", "invalid", "not_found", "version_conflict", "invalid"],
      ...["not_found", "not_found", "not_found", "not_found", "exists", "not_found", "not_found"],
      ...["not_found", "not_found", "not_found", "exists", "invalid", "not_found"],
    ]);
    expect(dump()).toEqual(before);
  });

  test("a task cannot move to a list of another board", () => {
    const { boards } = demoBoard();
    accepted(boards.createList("carol", "board-2", { id: "list-carol", name: "Hers" }));
    expect(refusalOf(boards.moveTask("alice", "task-1", { listId: "list-carol" }))).toBe("not_found");
  });

  test("every kind of change is one event with the next seq", () => {
    const { boards } = demoBoard();
    const events: BoardEvent[] = [
      accepted(boards.renameBoard("alice", "board-1", { name: "Launch" })),
      accepted(boards.createList("alice", "board-1", { id: "list-x", name: "Later" })),
      accepted(boards.renameList("alice", "list-x", { name: "Some day" })),
      accepted(boards.moveList("alice", "list-x", { beforeId: "list-todo" })),
      accepted(boards.createTask("alice", { id: "t", listId: "list-x", title: "A" })),
      accepted(boards.updateTask("alice", "t", { description: "b", assigneeId: "bob", version: 1 })),
      accepted(boards.moveTask("alice", "t", { listId: "list-done", beforeId: "task-4" })),
      accepted(boards.deleteTask("alice", "t")),
      accepted(boards.deleteList("alice", "list-x")),
      accepted(boards.addMember("alice", "board-1", { userId: "carol", role: "viewer" })),
      accepted(boards.removeMember("alice", "board-1", "carol")),
    ];
    expect(events.map((event) => event.type)).toEqual([
      ...["board_renamed", "list_created", "list_renamed", "list_moved", "task_created", "task_updated"],
      ...["task_moved", "task_deleted", "list_deleted", "member_added", "member_removed"],
    ]);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => 10 + index));
    expect(accepted(boards.eventsAfter("board-1", { seq: 9 }, 100)).events).toEqual(events);
  });

  test("a process that cannot get the write lock in time is refused as busy, and the next try succeeds", () => {
    const file = join(temporaryFolder(), "board.sqlite");
    const mine = seed(openDatabase(file));
    const other = openDatabase(file);
    const boards = createBoards(mine);
    other.exec("BEGIN IMMEDIATE");
    expect(refusalOf(boards.deleteTask("alice", "task-1"))).toBe("busy");
    other.exec("ROLLBACK");
    expect(refusalOf(boards.deleteTask("alice", "task-1"))).toBeUndefined();
    mine.close();
    other.close();
  });
});

describe("positions", () => {
  test("a task goes after its anchor, else before the other one, else to the end", () => {
    const { boards } = demoBoard();
    const place = (placement: { afterId?: string; beforeId?: string }) => {
      accepted(boards.moveTask("alice", "task-3", { listId: "list-todo", ...placement }));
      return titles(boards.snapshot("board-1"), "list-todo");
    };
    expect(place({ afterId: "task-1", beforeId: "task-2" })).toEqual(["task-1", "task-3", "task-2"]);
    expect(place({ beforeId: "task-1" })).toEqual(["task-3", "task-1", "task-2"]);
    expect(place({ afterId: "gone", beforeId: "task-2" })).toEqual(["task-1", "task-3", "task-2"]);
    expect(place({ afterId: "task-3", beforeId: "task-1" })).toEqual(["task-3", "task-1", "task-2"]);
    expect(place({ afterId: "gone", beforeId: "gone too" })).toEqual(["task-1", "task-2", "task-3"]);
    expect(place({ afterId: "task-4", beforeId: "task-1" })).toEqual(["task-3", "task-1", "task-2"]);
    expect(place({})).toEqual(["task-1", "task-2", "task-3"]);
  });

  test("positions stay short: a gap that is full sends its task to the end", () => {
    const { boards } = demoBoard();
    let longest = 0;
    for (let move = 0; move < 5_000; move += 1) {
      const id = move % 2 === 0 ? "task-3" : "task-4";
      const { data } = accepted(boards.moveTask("alice", id, { listId: "list-todo", beforeId: "task-2" }));
      longest = Math.max(longest, data.task.position.length);
    }
    expect(longest).toBeGreaterThan(300);
    expect(longest).toBeLessThanOrEqual(400);
    expect(titles(boards.snapshot("board-1"), "list-todo")).toHaveLength(4);
  });

  test("lists follow the same rule", () => {
    const { boards } = demoBoard();
    accepted(boards.moveList("alice", "list-done", { beforeId: "list-todo" }));
    accepted(boards.moveList("alice", "list-todo", { afterId: "gone" }));
    const { lists } = accepted(boards.snapshot("board-1"));
    expect(lists.map((list) => list.id)).toEqual(["list-done", "list-doing", "list-todo"]);
  });

  test("two processes that move into the same gap at once never produce equal positions", async () => {
    const file = join(temporaryFolder(), "board.sqlite");
    const database = seed(openDatabase(file));
    const boards = createBoards(database);
    const moves = 200;
    for (const prefix of ["left", "right"]) {
      for (let index = 0; index < 20; index += 1) {
        accepted(boards.createTask("alice", { id: `${prefix}-${index}`, listId: "list-done", title: "x" }));
      }
    }
    const before = accepted(boards.head("board-1")).seq;

    const processes = ["left", "right"].map((prefix) =>
      fork(join(import.meta.dirname, "testing/move-into-gap.ts"), [file, prefix, String(moves)], {
        execArgv: ["--import", "tsx"],
      }),
    );
    await Promise.all(processes.map((child) => once(child, "message")));
    const done = processes.map((child) => once(child, "exit"));
    const reports = Promise.all(
      processes.map(async (child) => (await once(child, "message"))[0].busy as number),
    );
    for (const child of processes) child.send("go");
    expect(await Promise.all(done)).toEqual([
      [0, null],
      [0, null],
    ]);

    const { events, more } = accepted(boards.eventsAfter("board-1", { seq: before }, 2 * moves + 1));
    expect(events).toHaveLength(2 * moves);
    expect(more).toBe(false);
    const { tasks } = accepted(boards.snapshot("board-1"));
    const positions = tasks.filter((task) => task.listId === "list-todo").map((task) => task.position);
    expect(positions).toHaveLength(42);
    expect(new Set(positions).size).toBe(42);
    // They took turns: a lock that is taken only at the first write would refuse many of them as busy.
    const [busy1 = 0, busy2 = 0] = await reports;
    expect(busy1 + busy2).toBeLessThan(moves / 20);
    // Both really worked at the same time: their moves alternate in the log.
    const turns = events.map((event) =>
      event.type === "task_moved" ? event.data.task.id.split("-")[0] : "",
    );
    expect(turns.filter((turn, index) => turn !== turns[index + 1]).length).toBeGreaterThan(10);
    database.close();
  });
});

describe("eventsAfter", () => {
  test("pages through the log without a gap", () => {
    const { boards } = demoBoard();
    const seqs: number[] = [];
    let seq = 0;
    for (let page = 0; page < 10; page += 1) {
      const result = accepted(boards.eventsAfter("board-1", { seq }, 4));
      seqs.push(...result.events.map((event) => event.seq));
      seq = result.seq;
      if (!result.more) break;
    }
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("a cursor from the future, of another log, or older than the log, is gone", () => {
    const { database, boards } = demoBoard();
    const { epoch } = accepted(boards.head("board-1"));
    expect(refusalOf(boards.eventsAfter("board-1", { seq: 10 }, 10))).toBe("cursor_gone");
    expect(refusalOf(boards.eventsAfter("board-1", { epoch: "other", seq: 5 }, 10))).toBe("cursor_gone");
    expect(accepted(boards.eventsAfter("board-1", { epoch, seq: 5 }, 10)).events).toHaveLength(4);
    database.exec("DELETE FROM events WHERE board_id = 'board-1' AND seq <= 6");
    expect(refusalOf(boards.eventsAfter("board-1", { seq: 5 }, 10))).toBe("cursor_gone");
    expect(accepted(boards.eventsAfter("board-1", { seq: 6 }, 10)).events).toHaveLength(3);
    expect(refusalOf(boards.eventsAfter("board-9", { seq: 0 }, 10))).toBe("not_found");
  });
});

describe("the log", () => {
  test("any snapshot plus the events after it is the board, whatever was done", () => {
    const task = fc.constantFrom("task-1", "task-2", "task-3", "task-4", "new-1", "new-2");
    const list = fc.constantFrom("list-todo", "list-doing", "list-done", "list-new");
    const placement = fc.record({ afterId: task, beforeId: task }, { requiredKeys: [] });
    const listPlacement = fc.record({ afterId: list, beforeId: list }, { requiredKeys: [] });
    type Boards = ReturnType<typeof createBoards>;
    const command = fc.oneof(
      fc.tuple(task, list).map(
        ([id, listId]) =>
          (b: Boards) =>
            b.createTask("alice", { id, listId, title: "t" }),
      ),
      fc.tuple(task, fc.string()).map(
        ([id, title]) =>
          (b: Boards) =>
            b.updateTask("bob", id, { title }),
      ),
      fc.tuple(task, list, placement).map(
        ([id, listId, where]) =>
          (b: Boards) =>
            b.moveTask("bob", id, { listId, ...where }),
      ),
      task.map((id) => (b: Boards) => b.deleteTask("alice", id)),
      list.map((id) => (b: Boards) => b.createList("alice", "board-1", { id, name: id })),
      fc.tuple(list, fc.string()).map(
        ([id, name]) =>
          (b: Boards) =>
            b.renameList("alice", id, { name }),
      ),
      fc.tuple(list, listPlacement).map(
        ([id, where]) =>
          (b: Boards) =>
            b.moveList("alice", id, where),
      ),
      list.map((id) => (b: Boards) => b.deleteList("alice", id)),
      fc.string().map((name) => (b: Boards) => b.renameBoard("alice", "board-1", { name })),
      fc.constant((b: Boards) => b.addMember("alice", "board-1", { userId: "carol" })),
      fc.constant((b: Boards) => b.removeMember("alice", "board-1", "carol")),
    );
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 40 }), (commands) => {
        const { database, boards } = demoBoard();
        let followed = accepted(boards.snapshot("board-1"));
        for (const run of commands) run(boards);
        const { events } = accepted(boards.eventsAfter("board-1", { seq: followed.seq }, 1000));
        for (const event of events) followed = applyEvent(followed, event);
        expect(followed).toEqual(boards.snapshot("board-1"));
        database.close();
      }),
      { numRuns: 150 },
    );
  });
});
