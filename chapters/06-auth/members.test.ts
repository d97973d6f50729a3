import { describe, expect, test } from "vitest";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { createApp } from "./app.ts";

function demoApp() {
  const { database, boards } = demoBoard();
  const app = createApp({ database });
  const cookies = new Map<string, string>();
  const as = async (userId: string, method: string, path: string, body?: object) => {
    const cookie = cookies.get(userId) ?? `session=${app.auth.sessions.create(userId).token}`;
    cookies.set(userId, cookie);
    const response = await app.request(path, { method, ...(body && { body }), headers: { cookie } });
    const text = await response.text();
    return {
      status: response.status,
      body: text && JSON.parse(text),
      headers: Object.fromEntries(response.headers),
    };
  };
  return { app, boards, database, as };
}

describe("membership", () => {
  const ROUTES: [string, string, string, object?][] = [
    ["GET", "/boards/BOARD", "/boards/nowhere"],
    ["GET", "/boards/BOARD/updates?after=0", "/boards/nowhere/updates?after=0"],
    ["GET", "/boards/BOARD/updates?after=999", "/boards/nowhere/updates?after=999"],
    ["GET", "/boards/BOARD/poll?after=0", "/boards/nowhere/poll?after=0"],
    ["GET", "/boards/BOARD/events", "/boards/nowhere/events"],
    ["HEAD", "/boards/BOARD/events", "/boards/nowhere/events"],
    ["GET", "/boards/BOARD/events?after=0", "/boards/nowhere/events?after=0"],
    ["POST", "/boards/BOARD/members", "/boards/nowhere/members", { userId: "carol" }],
    ["POST", "/boards/BOARD/members", "/boards/nowhere/members", { userId: "nobody" }],
    ["DELETE", "/boards/BOARD/members/bob", "/boards/nowhere/members/bob"],
    ["DELETE", "/boards/BOARD/members/carol", "/boards/nowhere/members/carol"],
    ["PATCH", "/tasks/task-1", "/tasks/nothing", { title: "Mine" }],
    ["PATCH", "/tasks/task-1", "/tasks/nothing", { title: "Mine", version: 7 }],
    ["PATCH", "/tasks/task-1", "/tasks/nothing", { assigneeId: "nobody" }],
    ["PATCH", "/tasks/task-1/move", "/tasks/nothing/move", { listId: "list-done" }],
    ["DELETE", "/tasks/task-1", "/tasks/nothing"],
  ];

  for (const [method, there, nowhere, body] of ROUTES) {
    const path = there.replace("BOARD", "board-1");
    test(`${method} ${path} ${body ? JSON.stringify(body) : ""}: a stranger cannot tell it from what is not there`, async () => {
      const { as, boards } = demoApp();
      const before = snapshotOf(boards);
      const answer = await as("carol", method, path, body);
      expect(answer.status).toBe(404);
      expect(answer).toEqual(await as("carol", method, nowhere, body));
      expect(snapshotOf(boards)).toEqual(before);
    });
  }

  test("a task cannot be put on, or moved to, a list of a board of others", async () => {
    const { as, boards } = demoApp();
    accepted(boards.createList("carol", "board-2", { id: "list-of-carol", name: "Carol's" }));
    accepted(boards.createTask("carol", { id: "task-of-carol", listId: "list-of-carol", title: "Carol's" }));
    const create = (listId: string) => as("carol", "POST", "/tasks", { listId, title: "Smuggled" });
    expect(await create("list-todo")).toEqual(await create("list-nowhere"));
    const move = (listId: string) => as("carol", "PATCH", "/tasks/task-of-carol/move", { listId });
    expect(await move("list-todo")).toEqual(await move("list-nowhere"));
    expect((await move("list-todo")).status).toBe(404);
  });

  test("a viewer sees everything and changes nothing", async () => {
    const { as, boards } = demoApp();
    expect(
      (await as("alice", "POST", "/boards/board-1/members", { userId: "carol", role: "viewer" })).status,
    ).toBe(201);
    const { seq } = snapshotOf(boards);
    expect((await as("carol", "GET", "/boards/board-1")).status).toBe(200);
    for (const [method, path, body] of [
      ["POST", "/tasks", { listId: "list-todo", title: "x" }],
      ["PATCH", "/tasks/task-1", { title: "x" }],
      ["PATCH", "/tasks/task-1/move", { listId: "list-done" }],
      ["DELETE", "/tasks/task-1", undefined],
      ["POST", "/boards/board-1/members", { userId: "bob" }],
      ["DELETE", "/boards/board-1/members/bob", undefined],
    ] as const) {
      const { status, body: answer } = await as("carol", method, path, body);
      expect([status, answer.error.code]).toEqual([403, "forbidden"]);
    }
    expect(snapshotOf(boards).seq).toBe(seq);
    expect((await as("carol", "DELETE", "/boards/board-1/members/carol")).status).toBe(204); // but may leave
  });

  test("owners let people in and remove them; others remove only themselves; the last owner stays", async () => {
    const { as } = demoApp();
    const members = "/boards/board-1/members";
    expect((await as("bob", "POST", members, { userId: "carol" })).status).toBe(403);
    expect((await as("bob", "DELETE", `${members}/alice`)).status).toBe(403);
    expect((await as("alice", "DELETE", `${members}/alice`)).status).toBe(403);
    const added = await as("alice", "POST", members, { userId: "carol", role: "owner" });
    expect([added.status, added.body]).toEqual([201, { userId: "carol", name: "Carol", role: "owner" }]);
    expect((await as("alice", "POST", members, { userId: "carol" })).status).toBe(409);
    expect((await as("alice", "DELETE", `${members}/alice`)).status).toBe(204);
    expect((await as("alice", "GET", "/boards/board-1")).status).toBe(404);
    expect((await as("bob", "DELETE", `${members}/bob`)).status).toBe(204);
    expect((await as("carol", "DELETE", `${members}/bob`)).status).toBe(404);
    expect((await as("carol", "POST", members, { userId: "bob", role: "king" })).status).toBe(400);
  });

  test("a change is made as the user of the session, whatever else the request claims", async () => {
    const { as, app, boards } = demoApp();
    await as("bob", "PATCH", "/tasks/task-1", { title: "By Bob" });
    const cookie = `session=${app.auth.sessions.create("bob").token}`;
    await app.request("/tasks/task-1", {
      method: "PATCH",
      body: { title: "By Bob too" },
      headers: { cookie, "x-user": "alice" },
    });
    const page = accepted(boards.eventsAfter("board-1", { seq: 9 }, 10));
    expect(page.events.map(({ actorId }) => actorId)).toEqual(["bob", "bob"]);
  });

  test("a route that nobody has thought about is closed to strangers", async () => {
    const { app } = demoApp();
    for (const path of ["/", "/admin", "/boards", "/metrics"]) {
      expect((await app.request(path)).status).toBe(401);
    }
  });
});
