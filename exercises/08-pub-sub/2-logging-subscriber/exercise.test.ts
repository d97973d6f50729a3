import { EventEmitter } from "node:events";
import { expect } from "vitest";
import type { BoardEvent, Task } from "../../../shared/events.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { logEvents } from "./exercise.ts";

/** A bus with the log, and behind it another listener, which writes down the seqs that it hears. */
function busOfTest(log: Log, write?: (line: string) => void | Promise<void>) {
  const bus = new EventEmitter<{ event: [BoardEvent] }>();
  const lines: string[] = [];
  const others: number[] = [];
  const logging = logEvents(bus, (line) => {
    log(`write(${JSON.stringify(line)})`);
    lines.push(line);
    return write?.(line);
  });
  bus.on("event", ({ seq }) => void others.push(seq));
  function emit(event: BoardEvent): string {
    log(`somebody publishes event ${event.seq}, ${event.type}`);
    try {
      bus.emit("event", event);
      return "nothing";
    } catch (error) {
      log(`whoever has published gets: ${error}`);
      return String(error);
    }
  }
  return { bus, lines, others, logging, emit };
}

function created(seq: number, title: string): BoardEvent<"task_created"> {
  const at = "2026-11-21T08:00:00.000Z";
  const task: Task = {
    id: "task-5",
    listId: "list-todo",
    title,
    description: "The door code is 1234",
    assigneeId: null,
    position: "a0",
    version: 1,
    updatedAt: at,
  };
  return { seq, type: "task_created", boardId: "board-1", actorId: "alice", at, data: { task } };
}

/** After it, everything that promises have to do has been done. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("an event is one line: where, which, what, who, and the title if it has one", ({ log }) => {
  const { lines, emit } = busOfTest(log);
  const deleted = { type: "task_deleted", data: { taskId: "task-5", listId: "list-todo" } } as const;
  emit(created(10, "Buy paint"));
  emit({ ...created(11, ""), actorId: "bob", ...deleted });
  expect(lines, "the lines of the log").toEqual([
    'board-1 10 task_created alice "Buy paint"',
    "board-1 11 task_deleted bob",
  ]);
});

test("of a long title only the beginning is logged", ({ log }) => {
  const { lines, emit } = busOfTest(log);
  emit(created(10, "Exactly twenty chars"));
  emit(created(11, "Fire Bob on Friday, and tell nobody"));
  emit(created(12, "Nineteen characters\n, and more"));
  expect(lines, "the lines of the log").toEqual([
    'board-1 10 task_created alice "Exactly twenty chars"',
    'board-1 11 task_created alice "Fire Bob on Friday, …"',
    String.raw`board-1 12 task_created alice "Nineteen characters\n…"`,
  ]);
});

test("no title can look like a second line, or like the end of its quotes", ({ log }) => {
  const { lines, emit } = busOfTest(log);
  emit(created(10, "x\nboard-1 11 bob"));
  emit(created(11, "x\rboard-1 12 bob"));
  emit(created(12, 'x" by "carol'));
  expect(lines, "the lines of the log").toEqual([
    String.raw`board-1 10 task_created alice "x\nboard-1 11 bob"`,
    String.raw`board-1 11 task_created alice "x\rboard-1 12 bob"`,
    String.raw`board-1 12 task_created alice "x\" by \"carol"`,
  ]);
});

test("a log that throws is noticed neither by the publisher nor by others, and is counted", ({ log }) => {
  const { others, logging, emit } = busOfTest(log, () => {
    throw new Error("the disk is full");
  });
  const thrown = [emit(created(10, "One")), emit(created(11, "Two"))];
  const found = { thrown, others, lost: logging.lost };
  expect(found, "what the publisher got, what others heard, how many lines were lost").toEqual({
    thrown: ["nothing", "nothing"],
    others: [10, 11],
    lost: 2,
  });
});

test("a write that fails later is counted too", async ({ log }) => {
  const { logging, emit } = busOfTest(log, (line) => {
    const failing = Promise.reject(new Error("the disk is full"));
    // So that it is not this promise that nobody has handled.
    failing.catch(() => {});
    return line.includes("One") ? failing : Promise.resolve();
  });
  emit(created(10, "One"));
  emit(created(11, "Two"));
  log("the promise of the first write is rejected");
  await turn();
  expect(logging.lost, "how many lines were lost").toBe(1);
});

test("a write that never ends holds up no other line", async ({ log }) => {
  const { lines, emit } = busOfTest(log, () => new Promise(() => {}));
  emit(created(10, "One"));
  emit(created(11, "Two"));
  await turn();
  expect(lines, "the lines of the log").toEqual([
    'board-1 10 task_created alice "One"',
    'board-1 11 task_created alice "Two"',
  ]);
});

test("stop ends the log, and nobody else's subscription", ({ log }) => {
  const { bus, lines, others, logging, emit } = busOfTest(log);
  emit(created(10, "One"));
  log("stop()");
  logging.stop();
  emit(created(11, "Two"));
  const found = { lines, others, listeners: bus.listenerCount("event") };
  expect(found, "the lines of the log, what others heard, and how many listeners the bus still has").toEqual({
    lines: ['board-1 10 task_created alice "One"'],
    others: [10, 11],
    listeners: 1,
  });
});
