import { describe, expect, test } from "vitest";
import type { Command } from "../../board/commands.ts";
import type { BoardEvent, Snapshot, Task } from "../../board/events.ts";
import {
  acceptPending,
  addPending,
  dropPending,
  NOTHING_KNOWN,
  type PendingChange,
  restorePending,
  type SyncState,
  takeEvents,
  takeSnapshot,
} from "./board-sync.ts";

const task = (id: string, title: string, position: string, version = 1): Task => ({
  id,
  listId: "todo",
  title,
  description: "",
  assigneeId: null,
  labels: [],
  dueOn: null,
  position,
  version,
  updatedAt: "2026-11-21T08:00:00.000Z",
  createdBy: "alice",
});

const SNAPSHOT: Snapshot = {
  board: { id: "board", name: "Board", epoch: "e1", members: [] },
  lists: [{ id: "todo", name: "To do", position: "a0" }],
  tasks: [task("one", "One", "a0"), task("two", "Two", "a1"), task("three", "Three", "a2")],
  comments: [],
  seq: 5,
};

const START = takeSnapshot(NOTHING_KNOWN, SNAPSHOT).state;

const event = (seq: number, type: string, data: object, actorId = "bob") =>
  ({ seq, type, boardId: "board", actorId, at: "2026-11-21T08:00:00.000Z", data }) as unknown as BoardEvent;

let orders = 0;
const pending = (key: string, command: Command): PendingChange => ({
  key,
  order: ++orders,
  command,
  actorId: "alice",
  at: "2026-11-21T08:00:00.000Z",
});

const rename = (title: string): Command => ({ type: "update_task", taskId: "one", change: { title } });
const CREATE: Command = { type: "create_task", task: { id: "new", listId: "todo", title: "New" } };

const titleIn = ({ view }: SyncState, id = "one") => view?.tasks.get(id)?.title;
const events = (state: SyncState, ...given: BoardEvent[]) => takeEvents(state, "alice", given);

describe("a change of one's own", () => {
  test("shows at once, and stays when its event overtakes its answer", () => {
    const shown = addPending(START, pending("k", rename("Mine")));
    expect(titleIn(shown)).toBe("Mine");
    const overtaken = events(
      shown,
      event(6, "task_updated", { task: task("one", "Mine", "a0", 2), changed: ["title"] }),
    );
    expect(titleIn(overtaken.state)).toBe("Mine");
    expect(overtaken.state.pending).toHaveLength(1);
    const answered = acceptPending(overtaken.state, "k", 6);
    expect(titleIn(answered.state)).toBe("Mine");
    expect(answered.state.pending).toEqual([]);
    expect(answered.passed).toMatchObject([{ key: "k", seq: 6 }]);
  });

  test("stays when its answer overtakes its event, and what comes before the event", () => {
    const answered = acceptPending(addPending(START, pending("k", rename("Mine"))), "k", 7).state;
    expect(titleIn(answered)).toBe("Mine");
    const before = events(
      answered,
      event(6, "task_updated", { task: task("one", "Theirs", "a0", 2), changed: ["title"] }),
    );
    expect(titleIn(before.state)).toBe("Mine");
    expect(before.state.pending).toHaveLength(1);
    const passed = events(
      before.state,
      event(7, "task_updated", { task: task("one", "Mine", "a0", 3), changed: ["title"] }),
    );
    expect(titleIn(passed.state)).toBe("Mine");
    expect(passed.state.pending).toEqual([]);
  });

  test("a created task is there once, whichever comes first", () => {
    const shown = addPending(START, pending("k", CREATE));
    const created = events(
      shown,
      event(6, "task_created", { task: task("new", "New", "a3") }, "alice"),
    ).state;
    expect([...(created.view?.tasks.keys() ?? [])].filter((id) => id === "new")).toHaveLength(1);
    expect(created.view?.tasks.size).toBe(4);
  });

  test("is gone when it is refused, and what was done on top of it goes on", () => {
    const one = addPending(START, pending("k1", rename("Mine")));
    const two = addPending(one, pending("k2", CREATE));
    const refused = dropPending(two, "k1");
    expect(titleIn(refused)).toBe("One");
    expect(titleIn(refused, "new")).toBe("New");
  });

  test("a later event of somebody else replaces it as soon as the log has passed it", () => {
    const shown = acceptPending(addPending(START, pending("k", rename("Mine"))), "k", 6).state;
    const { state } = events(
      shown,
      event(6, "task_updated", { task: task("one", "Mine", "a0", 2), changed: ["title"] }, "alice"),
      event(7, "task_updated", { task: task("one", "Later", "a0", 3), changed: ["title"] }),
    );
    expect(titleIn(state)).toBe("Later");
  });

  test("changes of the page before come before those of this one, and later ones of another tab after them", () => {
    const before = pending("before", rename("Before"));
    const now = pending("now", rename("Now"));
    const restored = restorePending(addPending(START, now), [before, now]);
    expect(restored.pending.map(({ key }) => key)).toEqual(["before", "now"]);
    expect(titleIn(restored)).toBe("Now");
    const later = restorePending(restored, [pending("later", rename("Later"))]);
    expect(later.pending.map(({ key }) => key)).toEqual(["before", "now", "later"]);
    expect(titleIn(later)).toBe("Later");
  });
});

describe("events", () => {
  test("that are known are skipped, and nothing is taken after a gap", () => {
    const result = events(
      START,
      event(5, "board_renamed", { name: "Old" }),
      event(7, "board_renamed", { name: "New" }),
    );
    expect(result.hasGap).toBe(true);
    expect(result.applied).toEqual([]);
    expect(result.state).toBe(START);
  });

  test("with nothing pending the view is the confirmed state itself", () => {
    const { state } = events(START, event(6, "board_renamed", { name: "New" }));
    expect(state.view).toBe(state.confirmed);
    expect(state.view?.tasks).toBe(START.view?.tasks);
  });

  test("who was overruled gets a command that puts the task back where they had put it", () => {
    const moved = { ...task("two", "Two", "a9"), listId: "todo" };
    const result = events(
      START,
      event(6, "task_moved", { task: moved, fromListId: "todo", overruled: "alice" }),
    );
    expect(result.overruled).toMatchObject([
      {
        event: { seq: 6 },
        back: {
          type: "move_task",
          taskId: "two",
          place: { listId: "todo", afterId: "one", beforeId: "three" },
        },
      },
    ]);
    // The answer to the move that was overruled may come later than what overruled it.
    const move = (afterId: string): Command => ({
      type: "move_task",
      taskId: "two",
      place: { listId: "todo", afterId },
    });
    const overrule = event(6, "task_moved", { task: moved, fromListId: "todo", overruled: "alice" });
    expect(events(addPending(START, pending("k", move("one"))), overrule).overruled).toHaveLength(1);
    expect(events(addPending(START, pending("k", move("three"))), overrule).overruled).toEqual([]);
    const ofBob = takeEvents(START, "bob", [
      event(6, "task_moved", { task: moved, fromListId: "todo", overruled: "alice" }, "carol"),
    ]);
    expect(ofBob.overruled).toEqual([]);
  });
});

test("a snapshot of another log takes with it what the old one had accepted, and keeps what nobody has answered", () => {
  const one = acceptPending(addPending(START, pending("k1", rename("Accepted"))), "k1", 900).state;
  const two = addPending(one, pending("k2", CREATE));
  const other = { ...SNAPSHOT, board: { ...SNAPSHOT.board, epoch: "e2" }, seq: 1 };
  const { state } = takeSnapshot(two, other);
  expect(state.pending.map(({ key }) => key)).toEqual(["k2"]);
  expect(titleIn(state)).toBe("One");
});

test("a remote change on a board with 1,000 tasks costs far less than a frame", () => {
  const tasks = Array.from({ length: 1_000 }, (_, at) =>
    task(`task-${at}`, `Task ${at}`, `a${String(at).padStart(4, "0")}1`),
  );
  let { state } = takeSnapshot(NOTHING_KNOWN, { ...SNAPSHOT, tasks });
  const took: number[] = [];
  for (let seq = 6; seq < 206; seq += 1) {
    const begin = performance.now();
    const changed = task("task-1", `Title ${seq}`, "a00011", seq);
    state = events(state, event(seq, "task_updated", { task: changed, changed: ["title"] })).state;
    took.push(performance.now() - begin);
  }
  expect(titleIn(state, "task-1")).toBe("Title 205");
  const median = took.sort((a, b) => a - b)[100] ?? 0;
  expect(median).toBeLessThan(2);
});
