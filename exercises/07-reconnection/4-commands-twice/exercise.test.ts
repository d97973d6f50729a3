import { expect } from "vitest";
import { type Log, settled, test } from "../../../shared/testing/exercise-test.ts";
import { createCommandQueue } from "./exercise.ts";
import { createFragileServer } from "./fragile-server.ts";

const IN_TIME_MS = 300;

/** After it, everything that promises have to do has been done. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Alice's page, which is connected. */
function start(log: Log) {
  let keys = 0;
  const server = createFragileServer(log, (answer) => {
    log(`alice ← ${answer.taskId}`);
    queue.onAnswer(answer);
  });
  const queue = createCommandQueue({
    send: server.send,
    newKey() {
      keys += 1;
      return `key-${keys}`;
    },
  });
  queue.onOpen();
  return {
    server,
    add(title: string): Promise<string> {
      log(`alice adds "${title}"`);
      return queue.add({ type: "create_task", title });
    },
    cut(): void {
      log("the connection is cut");
      queue.onClose();
    },
    reconnect(): void {
      log("alice is connected again, and nothing gets lost");
      server.lose("nothing");
      queue.onOpen();
    },
  };
}

test("each command that is added is a task, and its answer comes", async ({ log }) => {
  const { add } = start(log);
  const first = await settled("the first answer", add("Buy paint"), IN_TIME_MS);
  const second = await settled("the second answer", add("Buy brushes"), IN_TIME_MS);
  expect([first, second], "the two answers").toEqual(["task-5", "task-6"]);
});

test("a command whose answer got lost is carried out once", async ({ log }) => {
  const { server, add, cut, reconnect } = start(log);
  server.lose("answers");
  const answer = add("Buy paint");
  cut();
  reconnect();
  await settled("Alice's answer", answer, IN_TIME_MS);
  expect(server.titles(), "the tasks on the server").toEqual(["Buy paint"]);
});

test("a command that got lost on its way is sent again", ({ log }) => {
  const { server, add, cut, reconnect } = start(log);
  server.lose("commands");
  void add("Buy paint");
  cut();
  reconnect();
  expect(server.titles(), "the tasks on the server").toEqual(["Buy paint"]);
});

test("two commands with the same title are two tasks", async ({ log }) => {
  const { server, add } = start(log);
  const answers = Promise.all([add("Buy paint"), add("Buy paint")]);
  await settled("the answers", answers, IN_TIME_MS);
  expect(server.titles(), "the tasks on the server").toEqual(["Buy paint", "Buy paint"]);
});

test("the order is kept across a cut", async ({ log }) => {
  const { server, add, cut, reconnect } = start(log);
  server.lose("commands");
  const before = [add("Sand the door"), add("Paint the door")];
  cut();
  const meanwhile = add("Hang the door");
  reconnect();
  await turn();
  const inOrder = ["Sand the door", "Paint the door", "Hang the door"];
  expect(server.titles(), "the tasks on the server").toEqual(inOrder);
  await settled("the answers", Promise.all([...before, meanwhile]), IN_TIME_MS);
});

test("on one connection each command is sent once", async ({ log }) => {
  const { server, add, cut, reconnect } = start(log);
  await settled("the answer to the first command", add("Sand the door"), IN_TIME_MS);
  server.lose("answers");
  void add("Buy paint");
  void add("Buy brushes");
  cut();
  server.sent.length = 0;
  reconnect();
  await settled("the answer to the last command", add("Paint the door"), IN_TIME_MS);
  const again = ["Buy paint", "Buy brushes", "Paint the door"];
  expect(server.sent, "what was sent on the second connection").toEqual(again);
});
