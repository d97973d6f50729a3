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

test("a title of nothing but blanks is refused", async ({ log }) => {
  const answer = await post(log, { listId: "list-todo", title: "   " });
  expect(codeOf(answer), "the answer's status and code").toBe("400 bad_input");
});

test("a title may have 200 characters, and not one more", async ({ log }) => {
  const longest = await post(log, { listId: "list-todo", title: "x".repeat(200) });
  const tooLong = await post(log, { listId: "list-todo", title: "x".repeat(201) });
  expect([codeOf(longest), codeOf(tooLong)], "the answers to 200 and to 201 characters").toEqual([
    "201 created",
    "400 bad_input",
  ]);
});

test("every field that is wrong is named", async ({ log }) => {
  const { body } = await post(log, { listId: 7 });
  const paths = body.error.issues?.map((issue: { path: unknown }) => issue.path);
  expect(paths, "the paths of the issues").toEqual(["listId", "title"]);
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
