import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { createBoards } from "../../../shared/board.ts";
import { openDatabase } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import { seed } from "../../../shared/seed.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { addTasks, followBoard, type NewTask } from "./exercise.ts";

const PAINT = { id: "paint", title: "Buy paint" };
const WALL = { id: "wall", title: "Paint the wall" };

/** One file, opened by alice's node and by bob's, who follows the board. Its log ends with event 9. */
function twoNodes(log: Log) {
  vi.useFakeTimers();
  const file = join(temporaryFolder(), "board.sqlite");
  const database = seed(openDatabase(file));
  const other = openDatabase(file);
  onTestFinished(() => {
    vi.useRealTimers();
    database.close();
    other.close();
  });
  const boards = createBoards(database);
  const heard: string[] = [];
  const hints: string[] = [];
  const onHint = followBoard(createBoards(other), "board-1", 9, ({ seq, type }) => {
    log(`bob's node hears ${seq} ${type}`);
    heard.push(`${seq} ${type}`);
  });
  function hint(_boardId: string, seq: number): void {
    const when = database.inTransaction ? "before" : "after";
    log(`bob's node gets the hint ${seq}, ${when} the commit`);
    hints.push(`${seq}, ${when} the commit`);
    onHint(seq);
  }
  return {
    heard,
    hints,
    add(...tasks: NewTask[]): string {
      log(`alice adds ${tasks.map(({ id }) => id).join(", ")}`);
      const added = addTasks({ database, boards, hint }, "alice", "list-todo", tasks);
      const answer = added instanceof Refusal ? `refused: ${added.code}` : `added: ${added.length}`;
      log(`addTasks returns: ${answer}`);
      return answer;
    },
    /** The ids of all tasks that alice has added. */
    tasks: () => database.prepare("SELECT id FROM tasks WHERE id NOT LIKE 'task-%'").pluck().all(),
    async second() {
      log("a second passes");
      await vi.advanceTimersByTimeAsync(1_000);
    },
  };
}

test("what alice adds has reached Bob's node when she is answered", async ({ log }) => {
  const { add, heard, hints, second } = twoNodes(log);
  add(PAINT, WALL);
  const whenAnswered = [...heard];
  await second();
  const both = ["10 task_created", "11 task_created"];
  const found = { whenAnswered, aSecondLater: heard, lastHint: hints.at(-1) };
  expect(found, "what Bob's node has heard, and the last hint").toEqual({
    whenAnswered: both,
    aSecondLater: both,
    lastHint: "11, after the commit",
  });
});

test("if one task is refused none is added, and Bob's node is told nothing", async ({ log }) => {
  const { add, hints, tasks, second } = twoNodes(log);
  const answer = add(PAINT, PAINT);
  await second();
  const found = { answer, tasks: tasks(), hints };
  expect(found, "the answer, the tasks in the database, and the hints").toEqual({
    answer: "refused: exists",
    tasks: [],
    hints: [],
  });
});

test("no hint is out while the change can still be undone", async ({ log }) => {
  const { add, hints, second } = twoNodes(log);
  add(PAINT);
  await second();
  expect(hints, "the hints that Bob's node has got").toEqual(["10, after the commit"]);
});
