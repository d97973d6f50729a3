// What every route says to those who may not, in one table: a route that is added without a row fails.
import { describe, expect, test } from "vitest";
import { type Capstone, openCapstone, type Person } from "../testing/people.ts";

interface Row {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** What a viewer of the board is told. @default 403 forbidden */
  readonly viewer?: string;
  /** What an editor is told, where it is for owners only. */
  readonly editor?: string;
}

const OWNERS = { editor: "403 forbidden" };
const READS = { viewer: "200" };

/** What concerns one board: with the very id of `board-1` in `path`, or of something on it. */
const OF_A_BOARD: readonly Row[] = [
  { method: "GET", path: "/boards/board-1", ...READS },
  { method: "PATCH", path: "/boards/board-1", body: { name: "New" } },
  { method: "DELETE", path: "/boards/board-1", ...OWNERS },
  { method: "GET", path: "/boards/board-1/activity", ...READS },
  { method: "GET", path: "/boards/board-1/export", ...READS },
  { method: "GET", path: "/boards/board-1/updates?after=0", ...READS },
  { method: "GET", path: "/boards/board-1/poll?after=0", ...READS },
  { method: "GET", path: "/boards/board-1/presence", ...READS },
  { method: "PUT", path: "/boards/board-1/presence/lease-number-1", body: {}, ...READS },
  // Of somebody else.
  { method: "POST", path: "/boards/board-1/undo", body: { seq: 5 }, ...OWNERS },
  { method: "POST", path: "/boards/board-1/lists", body: { name: "Later" } },
  { method: "PATCH", path: "/lists/list-todo", body: { name: "Later" } },
  { method: "PATCH", path: "/lists/list-todo/move", body: {} },
  { method: "DELETE", path: "/lists/list-todo" },
  { method: "POST", path: "/tasks", body: { listId: "list-todo", title: "x" } },
  { method: "PATCH", path: "/tasks/task-1", body: { title: "x" } },
  { method: "PATCH", path: "/tasks/task-1/move", body: { listId: "list-done" } },
  { method: "DELETE", path: "/tasks/task-1" },
  { method: "POST", path: "/tasks/task-1/comments", body: { text: "x" } },
  { method: "POST", path: "/boards/board-1/members", body: { userId: "carol" }, ...OWNERS },
  { method: "PATCH", path: "/boards/board-1/members/bob", body: { role: "viewer" }, ...OWNERS },
  { method: "DELETE", path: "/boards/board-1/members/alice", ...OWNERS },
  { method: "POST", path: "/boards/board-1/invitations", body: {}, ...OWNERS },
  { method: "GET", path: "/boards/board-1/invitations", ...OWNERS },
  { method: "DELETE", path: "/boards/board-1/invitations/some", ...OWNERS },
  {
    method: "POST",
    path: "/boards/board-1/webhooks",
    body: { url: "https://example.com", secret: "sixteen letters!" },
    ...OWNERS,
  },
  { method: "GET", path: "/boards/board-1/webhooks", ...OWNERS },
  { method: "PATCH", path: "/boards/board-1/webhooks/some", body: { enabled: true }, ...OWNERS },
  { method: "DELETE", path: "/boards/board-1/webhooks/some", ...OWNERS },
];

/** Tested by themselves: a stream does not end, leaving tells nothing, and a comment has an author. */
const OTHERS = [
  "GET /boards/:boardId/events",
  "DELETE /boards/:boardId/presence/:leaseId",
  "DELETE /comments/:commentId",
];

const askFor = (person: Person, { method, path, body }: Row) => person.ask(method, path, body);

test("every route that concerns a board is in the table", async () => {
  const { app } = await openCapstone();
  const concerned = app.routes
    .map(({ descriptor: { method, path } }) => `${method} ${path}`)
    .filter((name) => /:boardId|\/tasks|:listId|:commentId/.test(name));
  const pattern = (path: string) => new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`);
  const untested = concerned.filter((name) => {
    const [method, path = ""] = name.split(" ");
    const isTested = OF_A_BOARD.some(
      (row) => row.method === method && pattern(path).test(row.path.split("?")[0] ?? ""),
    );
    return !isTested && !OTHERS.includes(name);
  });
  expect(untested).toEqual([]);
});

test("whoever is not signed in gets no further, on all routes but the open ones", async () => {
  const { app, nobody } = await openCapstone();
  for (const { descriptor, documentation } of app.routes) {
    const path = descriptor.path.replaceAll(/:\w+/g, "something");
    // What a body would be refused for does not come into it.
    const { said } = await nobody.ask(descriptor.method, path);
    const name = `${descriptor.method} ${path}`;
    if (documentation.access !== "anybody") expect(said, name).toBe("401 not_signed_in");
    else if (name !== "GET /session") expect(said, name).not.toBe("401 not_signed_in");
  }
});

test("to strangers a board is not there: the same answer as for one that does not exist", async () => {
  const { signedIn } = await openCapstone();
  const carol = await signedIn("carol");
  for (const row of OF_A_BOARD) {
    const there = await askFor(carol, row);
    expect(there.said, `${row.method} ${row.path}`).toBe("404 not_found");
    const path = row.path.replace(/board-1|list-todo|task-1/, "never-was");
    const body = JSON.parse(JSON.stringify(row.body ?? null)?.replace("list-todo", "never-was")) ?? undefined;
    const nowhere = await askFor(carol, { ...row, path, body });
    expect(nowhere.text, `${row.method} ${path}`).toBe(there.text);
    expect(nowhere.headers.get("content-length")).toBe(there.headers.get("content-length"));
  }
});

test("a stream is not there for strangers either", async () => {
  const { signedIn } = await openCapstone();
  const carol = await signedIn("carol");
  expect((await carol.ask("GET", "/boards/board-1/events")).said).toBe("404 not_found");
});

describe("roles", () => {
  const isAllowed = (said: string) => !/^4(?:01|03)/.test(said);

  test("a viewer reads everything and changes nothing", async () => {
    const { signedIn } = await openCapstone();
    const dave = await signedIn("dave");
    for (const row of OF_A_BOARD) {
      expect((await askFor(dave, row)).said, `${row.method} ${row.path}`).toBe(row.viewer ?? "403 forbidden");
    }
  });

  test.each(OF_A_BOARD)("$method $path: editors and owners", async (row) => {
    const capstone: Capstone = await openCapstone();
    const bob = await askFor(await capstone.signedIn("bob"), row);
    if (row.editor) expect(bob.said).toBe(row.editor);
    else expect(isAllowed(bob.said), bob.said).toBe(true);
  });
});

test("bad input is refused before anything else happens, on every route that has a body", async () => {
  const { signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  for (const row of OF_A_BOARD.filter(({ body }) => body !== undefined)) {
    const answer = await alice.ask(row.method, row.path, { unknown: "field" });
    expect(answer.said, `${row.method} ${row.path}`).toBe("400 bad_input");
    expect(answer.body.error.issues.length).toBeGreaterThan(0);
    expect((await alice.ask(row.method, row.path, "{")).said).toBe("400 bad_input");
  }
});

test("a body that is too large is refused", async () => {
  const { signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  const body = { listId: "list-todo", title: "x", description: "x".repeat(256 * 1024) };
  expect((await alice.ask("POST", "/tasks", body)).said).toBe("413 body_too_large");
});

test("a user who changes too much has to wait, and one who reads has not", async () => {
  const limits = { messagesOfUser: { burst: 1, perSecond: 0.01 } };
  const { signedIn } = await openCapstone({ limits });
  const alice = await signedIn("alice");
  const rename = () => alice.ask("PATCH", "/boards/board-1", { name: "New" });
  expect((await rename()).status).toBe(200);
  const refused = await rename();
  expect(refused.said).toBe("429 too_many");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await alice.ask("GET", "/boards/board-1")).status).toBe(200);
});

test("reading has a limit too, a higher one", async () => {
  const { signedIn } = await openCapstone({ limits: { readsOfUser: { burst: 2, perSecond: 0.01 } } });
  const [alice, bob] = [await signedIn("alice"), await signedIn("bob")];
  const read = async (person: Person) => (await person.ask("GET", "/boards")).said;
  expect([await read(alice), await read(alice), await read(alice)]).toEqual(["200", "200", "429 too_many"]);
  expect(await read(bob)).toBe("200");
});

test("who rewrites large lists has to wait until that is paid for, and who writes large cards has not", async () => {
  const limits = { bytesOfUser: { burst: 100_000, perSecond: 1_000 } };
  const { signedIn } = await openCapstone({ limits });
  const [alice, bob] = [await signedIn("alice"), await signedIn("bob")];
  await alice.ask("POST", "/boards/board-1/lists", { id: "large", name: "Large" });
  for (let index = 0; index < 20; index += 1) {
    const task = { id: `large-${index}`, listId: "large", title: "Large", description: "x".repeat(10_000) };
    expect((await alice.ask("POST", "/tasks", task)).status).toBe(201);
  }
  const deleted = await alice.ask("DELETE", "/lists/large");
  expect(deleted.status).toBe(204);
  const undone = { seq: Number(deleted.headers.get("board-seq")) };
  expect((await alice.ask("POST", "/boards/board-1/undo", undone)).status).toBe(200);
  const refused = await alice.ask("DELETE", "/lists/large");
  expect(refused.said).toBe("429 too_many");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
  expect((await bob.ask("PATCH", "/boards/board-1", { name: "New" })).status).toBe(200);
  expect((await alice.ask("DELETE", "/session")).status).toBe(204);
});

test("nothing of the internals is in an answer", async () => {
  const { signedIn, store } = await openCapstone();
  const alice = await signedIn("alice");
  store.boardsOf = () => Promise.reject(new Error("SELECT secret FROM table at /srv/app.ts"));
  const answer = await alice.ask("GET", "/boards");
  expect(answer.said).toBe("500 internal");
  expect(answer.text).not.toMatch(/SELECT|srv/);
});
