import { expect } from "vitest";
import { demoBoard } from "../../../shared/testing/demo-board.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { type Answer, type CarryOut, type Command, createCarryOut } from "./board-commands.ts";
import { createCommands } from "./exercise.ts";

const KEY = "7f9c24e5a1b84d60";
const TASKS = ["Write the release notes", "Check the page on a phone"];
const REUSED = { error: { code: "key_reused", message: "This key was used for another command." } };

const create = (title: string): Command => ({ type: "create_task", task: { listId: "list-todo", title } });
const rename = (taskId: string, title: string): Command => ({
  type: "update_task",
  taskId,
  change: { title },
});

/** @param wrap stands between `run` and the demo board */
function start(log: Log, wrap = (carryOut: CarryOut): CarryOut => carryOut) {
  const now = () => 1_000;
  const { database, boards } = demoBoard(now);
  let last = 4;
  const newId = () => {
    last += 1;
    return `task-${last}`;
  };
  const commands = createCommands({ database, now, carryOut: wrap(createCarryOut(database, now, newId)) });
  return {
    boards,
    database,
    run(userId: string, key: string, command: Command): Answer {
      log(`${userId} → key ${key}, ${JSON.stringify(command)}`);
      const answer = commands.run(userId, key, command);
      log(`${userId} ← ${JSON.stringify(answer)}`);
      return answer;
    },
    /** A command during which the database breaks. */
    breaks(userId: string, key: string, command: Command): string {
      log(`${userId} → key ${key}, ${JSON.stringify(command)}`);
      try {
        const answer = commands.run(userId, key, command);
        log(`${userId} ← ${JSON.stringify(answer)}`);
        return `answered ${answer.status}`;
      } catch (error) {
        log(`${userId} ← nothing: ${(error as Error).message}`);
        return "threw";
      }
    },
    /** Lets every row that is to be written to a table fail, until it is mended. */
    failing(table: string): () => void {
      log(`from now on nothing can be written to ${table}`);
      database.exec(`CREATE TRIGGER failing BEFORE INSERT ON ${table}
        BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
      return () => {
        log("the disk has room again");
        database.exec("DROP TRIGGER failing");
      };
    },
    /** What stands in the list "To do". */
    titles: () =>
      database.prepare("SELECT title FROM tasks WHERE list_id = 'list-todo' ORDER BY position").pluck().all(),
  };
}

test("a command that comes twice is carried out once, and answered twice", ({ log }) => {
  const { run, titles } = start(log);
  const answers = [run("alice", KEY, create("Buy paint")), run("alice", KEY, create("Buy paint"))];
  expect(titles(), "the tasks in the list").toEqual([...TASKS, "Buy paint"]);
  const created = { status: 201, body: { id: "task-5", title: "Buy paint" } };
  expect(answers, "the two answers").toEqual([created, created]);
});

test("a repeat is answered with the words of that time", ({ log }) => {
  const { run } = start(log);
  run("alice", KEY, create("Buy paint"));
  run("bob", "another-key-of-bob", rename("task-5", "Buy blue paint"));
  const { body } = run("alice", KEY, create("Buy paint"));
  expect(body, "the body of the answer to the repeat").toEqual({ id: "task-5", title: "Buy paint" });
});

test("an answer without a body is repeated too", ({ log }) => {
  const { run } = start(log);
  const remove: Command = { type: "delete_task", taskId: "task-1" };
  const answers = [run("alice", KEY, remove), run("alice", KEY, remove)];
  expect(answers, "the two answers").toEqual([{ status: 204 }, { status: 204 }]);
});

test("the same key with another command is refused", ({ log }) => {
  const { run, titles } = start(log);
  run("alice", KEY, rename("task-1", "Buy paint"));
  const others = [rename("task-1", "Buy brushes"), rename("task-2", "Buy paint"), create("Buy paint")];
  const answers = others.map((command) => run("alice", KEY, command));
  const refused = { status: 422, body: REUSED };
  expect(answers, "the answers: other title, other task, other type").toEqual([refused, refused, refused]);
  expect(titles(), "the tasks in the list").toEqual(["Buy paint", "Check the page on a phone"]);
});

test("the keys of two users have nothing to do with each other", ({ log }) => {
  const { run } = start(log);
  run("alice", KEY, create("Buy paint"));
  const answer = run("bob", KEY, create("Buy paint"));
  expect(answer, "the answer to Bob").toEqual({ status: 201, body: { id: "task-6", title: "Buy paint" } });
});

test("a refusal is an answer like any other", ({ log }) => {
  const { run, boards } = start(log);
  const early = run("alice", KEY, rename("task-9", "Buy blue paint"));
  log("somebody creates task-9");
  boards.createTask("bob", { id: "task-9", listId: "list-todo", title: "Buy paint" });
  const late = run("alice", KEY, rename("task-9", "Buy blue paint"));
  expect([early.status, late.status], "the status before and after").toEqual([404, 404]);
});

test("the change and its answer are kept together or not at all", ({ log }) => {
  const { breaks, run, failing, titles } = start(log);
  const mendKeys = failing("idempotency_keys");
  const unwritten = breaks("alice", KEY, create("Buy paint"));
  const afterwards = { run: unwritten, titles: titles() };
  expect(afterwards, "what run did when the answer could not be stored, and the tasks in the list").toEqual({
    run: "threw",
    titles: TASKS,
  });
  mendKeys();
  const mendEvents = failing("events");
  const broken = breaks("alice", KEY, create("Buy paint"));
  mendEvents();
  const { status } = run("alice", KEY, create("Buy paint"));
  const found = { broken, status };
  expect(found, "what run did when carryOut threw, and the status when everything works").toEqual({
    broken: "threw",
    status: 201,
  });
});

test("a server error is no answer: the same key may try again", ({ log }) => {
  const failures = [503, 500];
  const { run } = start(log, (carryOut) => (userId, command) => {
    const status = failures.shift();
    if (status === undefined) return carryOut(userId, command);
    return { status, body: { error: { code: "internal", message: "Try again." } } };
  });
  const answers = [1, 2, 3].map(() => run("alice", KEY, create("Buy paint")));
  const statuses = answers.map(({ status }) => status);
  expect(statuses, "the status of two attempts that fail, and of a third").toEqual([503, 500, 201]);
});
