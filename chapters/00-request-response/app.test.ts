import { describe, expect, onTestFinished, test, vi } from "vitest";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { createApp } from "./app.ts";

function demoApp() {
  const { database, boards } = demoBoard();
  return { app: createApp({ database }), boards, database };
}

describe("the board", () => {
  test("GET answers the whole board and the seq it is true at", async () => {
    const { app, boards } = demoApp();
    const response = await app.request("/boards/board-1");
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual(snapshotOf(boards));
  });

  test("a board that does not exist is 404", async () => {
    const response = await demoApp().app.request("/boards/board-9");
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: "not_found", message: "There is no such board." },
    });
  });
});

describe("changes", () => {
  test("a change is in the log as soon as it is answered", async () => {
    const { app, boards } = demoApp();
    const { seq } = snapshotOf(boards);
    const response = await app.request("/tasks", {
      method: "POST",
      headers: { "x-user": "bob" },
      body: { id: "task-new", listId: "list-todo", title: "  Call the printer  ", assigneeId: "alice" },
    });
    expect(response.status).toBe(201);
    const task = await response.json();
    expect(task).toMatchObject({
      id: "task-new",
      title: "Call the printer",
      assigneeId: "alice",
      version: 1,
    });
    const { events } = accepted(boards.eventsAfter("board-1", { seq }, 10));
    expect(events).toMatchObject([{ seq: seq + 1, type: "task_created", actorId: "bob", data: { task } }]);
  });

  test("rename, move and delete answer with what they did", async () => {
    const { app, boards } = demoApp();
    const renamed = await app.request("/tasks/task-1", { method: "PATCH", body: { title: "New title" } });
    expect(await renamed.json()).toMatchObject({ id: "task-1", title: "New title", version: 2 });
    const moved = await app.request("/tasks/task-1/move", {
      method: "PATCH",
      body: { listId: "list-done", beforeId: "task-4" },
    });
    expect(await moved.json()).toMatchObject({ id: "task-1", listId: "list-done" });
    const deleted = await app.request("/tasks/task-2", { method: "DELETE" });
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
    expect(snapshotOf(boards).tasks.map((task) => task.id)).toEqual(["task-3", "task-1", "task-4"]);
  });

  test("a description can be emptied and an assignee taken away", async () => {
    const { app, boards } = demoApp();
    const change = (body: object) => app.request("/tasks/task-3", { method: "PATCH", body });
    expect((await change({ description: "In two colours" })).status).toBe(200);
    expect(await (await change({ description: "" })).json()).toMatchObject({
      description: "",
      assigneeId: "bob",
    });
    expect(await (await change({ assigneeId: null })).json()).toMatchObject({ assigneeId: null, version: 4 });
    expect(snapshotOf(boards).seq).toBe(12);
  });

  test("without x-user a change is Alice's, and nobody checks the claim", async () => {
    const { app, boards } = demoApp();
    await app.request("/tasks/task-1", { method: "DELETE" });
    await app.request("/tasks/task-2", { method: "DELETE", headers: { "x-user": "carol" } });
    const { events } = accepted(boards.eventsAfter("board-1", { seq: 9 }, 10));
    expect(events.map((event) => event.actorId)).toEqual(["alice", "carol"]);
  });

  test("of two changes to the version that both have seen, the second is refused", async () => {
    const { app } = demoApp();
    const change = (title: string) =>
      app.request("/tasks/task-1", { method: "PATCH", body: { title, version: 1 } });
    expect((await change("Alice's title")).status).toBe(200);
    const second = await change("Bob's title");
    expect(second.status).toBe(409);
    expect((await second.json()).error).toMatchObject({ code: "version_conflict" });
  });

  test("two moves into the same gap keep both tasks and give them two places", async () => {
    const { app, boards } = demoApp();
    const move = (id: string) =>
      app.request(`/tasks/${id}/move`, {
        method: "PATCH",
        body: { listId: "list-todo", afterId: "task-1", beforeId: "task-2" },
      });
    const answers = await Promise.all([move("task-3"), move("task-4")]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    const todo = snapshotOf(boards).tasks.filter((task) => task.listId === "list-todo");
    expect(todo.map((task) => task.id)).toEqual(["task-1", "task-4", "task-3", "task-2"]);
    expect(new Set(todo.map((task) => task.position)).size).toBe(4);
  });
});

describe("bad input", () => {
  test("bad input is answered with a 4xx that says what is wrong, and changes nothing", async () => {
    const { app, boards } = demoApp();
    const before = snapshotOf(boards);
    const post = { method: "POST" };
    const patch = { method: "PATCH" };
    const cases: [string, Parameters<typeof app.request>[1], number, string][] = [
      ["/tasks", post, 400, "bad_input"],
      ["/tasks", { ...post, body: { listId: "list-todo", title: "   " } }, 400, "bad_input"],
      ["/tasks", { ...post, body: { listId: "list-todo", title: "x".repeat(201) } }, 400, "bad_input"],
      ["/tasks", { ...post, body: { listId: "list-todo", title: "x", id: "no spaces" } }, 400, "bad_input"],
      ["/tasks", { ...post, body: { listId: "list-9", title: "x" } }, 404, "not_found"],
      ["/tasks", { ...post, body: { listId: "list-todo", title: "x", id: "task-1" } }, 409, "exists"],
      ["/tasks", { ...post, body: { listId: "list-todo", title: "x", assigneeId: "carol" } }, 400, "invalid"],
      ["/tasks", { ...post, body: { title: "x".repeat(2_000_000) } }, 413, "body_too_large"],
      [
        "/tasks",
        { ...post, body: { listId: "list-todo", title: "x" }, headers: { "x-user": "mallory" } },
        400,
        "invalid",
      ],
      ["/tasks/task-1", { ...patch, body: {} }, 400, "bad_input"],
      ["/tasks/task-1", { ...patch, body: { version: 1 } }, 400, "bad_input"],
      ["/tasks/task-1", { ...patch, body: { title: 7 } }, 400, "bad_input"],
      ["/tasks/%zz", { ...patch, body: { title: "x" } }, 400, "bad_input"],
      ["/tasks/task-9", { ...patch, body: { title: "x" } }, 404, "not_found"],
      ["/tasks/task-1/move", { ...patch, body: { listId: "list-9" } }, 404, "not_found"],
      ["/tasks/task-9", { method: "DELETE" }, 404, "not_found"],
      ["/nowhere", {}, 404, "not_found"],
      ["/tasks/task-1", { method: "PUT", body: {} }, 404, "not_found"],
    ];
    for (const [path, options, status, code] of cases) {
      const response = await app.request(path, options);
      const { error } = await response.json();
      expect([path, response.status, error.code]).toEqual([path, status, code]);
      expect(error.message).toMatch(/\.$|bytes$/);
    }
    expect(snapshotOf(boards)).toEqual(before);
  });

  test("a bug is a 500 that tells nothing, in the same shape, and is reported", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => report.mockRestore());
    const { app, database } = demoApp();
    database.exec("DROP TABLE events");
    const response = await app.request("/tasks/task-1", { method: "DELETE" });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: { code: "internal", message: "Something went wrong on the server." },
    });
    expect(String(report.mock.calls[0]?.[0])).toContain("no such table");
  });

  test("the issues name the field", async () => {
    const response = await demoApp().app.request("/tasks", { method: "POST", body: { listId: "list-todo" } });
    const { error } = await response.json();
    expect(error.issues).toHaveLength(1);
    expect(error.issues[0]).toMatchObject({ part: "body", path: ["title"] });
  });
});
