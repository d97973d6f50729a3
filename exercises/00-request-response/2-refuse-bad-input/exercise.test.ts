import { expect } from "vitest";
import { demoBoard } from "../../../shared/testing/demo-board.ts";
import { type Answer, request } from "../../../shared/testing/exercise-clients.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createTaskApi } from "./exercise.ts";

type Boards = Parameters<typeof createTaskApi>[0];

/** Sends `POST /tasks` with this body. */
function post(log: Log, body: unknown, boards: Boards = demoBoard().boards): Promise<Answer> {
  return request(log, "alice", createTaskApi(boards), "POST /tasks", { body });
}

/** What a program looks at first. */
function codeOf({ status, body }: Answer): string {
  return `${status} ${body.error?.code ?? "created"}`;
}

/** Which fields an answer names, in the order of the alphabet. */
function pathsIn({ body }: Answer): unknown {
  const issues = body.error?.issues;
  return Array.isArray(issues) ? issues.map(({ path }) => path).sort() : issues;
}

test("a task is created, without the blanks around its title", async ({ log }) => {
  const { status, body } = await post(log, { listId: "list-todo", title: "  Order the cake " });
  expect({ status, title: body.title }, "the answer's status, and the title in it").toEqual({
    status: 201,
    title: "Order the cake",
  });
});

test("a body that is not JSON is refused, and what is said about it is ours", async ({ log }) => {
  const { status, body } = await post(log, '{"listId": list-todo}');
  expect({ status, body }, "the answer").toEqual({
    status: 400,
    body: { error: { code: "bad_json", message: "The body is not JSON." } },
  });
});

test("a title of nothing, or of nothing but blanks, is refused", async ({ log }) => {
  const nothing = await post(log, { listId: "list-todo", title: "" });
  const blanks = await post(log, { listId: "list-todo", title: "   " });
  expect([codeOf(nothing), codeOf(blanks)], "the answers to no character, and to three blanks").toEqual([
    "400 bad_input",
    "400 bad_input",
  ]);
});

test("a title may have 200 characters without the blanks around it, and not one more", async ({ log }) => {
  const titles = {
    "1 character": "x",
    "200 characters": "x".repeat(200),
    "200 characters and blanks": ` ${"x".repeat(200)} `,
    "201 characters": "x".repeat(201),
    "3000 characters": "x".repeat(3_000),
  };
  const answers: Record<string, string> = {};
  for (const [what, title] of Object.entries(titles)) {
    answers[what] = codeOf(await post(log, { listId: "list-todo", title }));
  }
  expect(answers, "the answers to titles of different lengths").toEqual({
    "1 character": "201 created",
    "200 characters": "201 created",
    "200 characters and blanks": "201 created",
    "201 characters": "400 bad_input",
    "3000 characters": "400 bad_input",
  });
});

test("every field that is wrong is named", async ({ log }) => {
  const noTitle = await post(log, { listId: 7 });
  const noList = await post(log, { title: 7 });
  expect([pathsIn(noTitle), pathsIn(noList)], "the paths of the issues, in both answers").toEqual([
    ["listId", "title"],
    ["listId", "title"],
  ]);
});

test("JSON that is no object is refused as well", async ({ log }) => {
  const answer = await post(log, "null");
  expect(codeOf(answer), "the answer's status and code").toBe("400 bad_input");
});

test("what is said about bad fields is ours", async ({ log }) => {
  const { body } = await post(log, { listId: "list-todo", title: "" });
  expect(body.error?.message, "the message in the answer").toBe("The request is not valid: see the issues.");
});

test("a list that is not there is 404, in the board's words", async ({ log }) => {
  const { status, body } = await post(log, { listId: "list-9", title: "Order the cake" });
  expect({ status, body }, "the answer").toEqual({
    status: 404,
    body: { error: { code: "not_found", message: "There is no such list." } },
  });
});

test("a fault of the server is not called the client's", async ({ log }) => {
  log("the board's database is broken");
  const broken: Boards = {
    createTask() {
      throw new Error("database disk image is malformed");
    },
  };
  const { status, body } = await post(log, { listId: "list-todo", title: "Order the cake" }, broken);
  expect({ status, body }, "the answer").toEqual({
    status: 500,
    body: { error: { code: "internal", message: "Something went wrong on the server." } },
  });
});
