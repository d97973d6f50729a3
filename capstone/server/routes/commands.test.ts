import { describe, expect, test } from "vitest";
import { openCapstone } from "../testing/people.ts";

async function aliceOn() {
  const capstone = await openCapstone();
  return { ...capstone, alice: await capstone.signedIn("alice"), bob: await capstone.signedIn("bob") };
}

describe("a change", () => {
  test("is answered with what it has made, and the seq of its event", async () => {
    const { alice, store } = await aliceOn();
    const made = await alice.ask("POST", "/tasks", { id: "new-1", listId: "list-todo", title: "Sweep" });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ id: "new-1", title: "Sweep", version: 1, createdBy: "alice" });
    expect(made.headers.get("board-seq")).toBe(String((await store.head("board-1"))?.seq));

    const change = { title: "Sweep the yard", labels: ["yard"], dueOn: "2027-01-31", version: 1 };
    const changed = await alice.ask("PATCH", "/tasks/new-1", change);
    expect(changed.body).toMatchObject({ title: "Sweep the yard", labels: ["yard"], version: 2 });
    const moved = await alice.ask("PATCH", "/tasks/new-1/move", { listId: "list-done" });
    expect(moved.body).toMatchObject({ listId: "list-done" });
    const said = await alice.ask("POST", "/tasks/new-1/comments", { id: "c-1", text: "Done?" });
    expect([said.status, said.body.authorId]).toEqual([201, "alice"]);
    expect((await alice.ask("DELETE", "/comments/c-1")).status).toBe(204);
    const gone = await alice.ask("DELETE", "/tasks/new-1");
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect(gone.headers.get("board-seq")).toBe(String((await store.head("board-1"))?.seq));
  });

  test("with a key is made once, however often it comes", async () => {
    const { alice } = await aliceOn();
    const key = { "idempotency-key": "once-and-never-again" };
    const send = (title: string) => alice.ask("POST", "/tasks", { listId: "list-todo", title }, key);
    const first = await send("Once");
    const again = await send("Once");
    expect(again.text).toBe(first.text);
    expect(again.headers.get("board-seq")).toBe(first.headers.get("board-seq"));
    expect((await send("Twice")).said).toBe("422 key_reused");
    const { body } = await alice.ask("GET", "/boards/board-1");
    expect(body.tasks.filter(({ title }: { title: string }) => title === "Once")).toHaveLength(1);
    const bad = await alice.ask(
      "POST",
      "/tasks",
      { listId: "list-todo", title: "x" },
      { "idempotency-key": "short" },
    );
    expect(bad.said).toBe("400 bad_key");
  });

  test("of a text that somebody else has changed is a conflict, with both texts", async () => {
    const { alice, bob } = await aliceOn();
    const { body } = await alice.ask("GET", "/boards/board-1");
    const { version } = body.tasks.find(({ id }: { id: string }) => id === "task-1");
    await bob.ask("PATCH", "/tasks/task-1", { title: "Bob's", version });
    const refused = await alice.ask("PATCH", "/tasks/task-1", { title: "Alice's", version });
    expect(refused.said).toBe("409 version_conflict");
    expect(refused.body.error).toMatchObject({
      conflicts: [{ field: "title", yours: "Alice's", theirs: "Bob's", actorId: "bob" }],
    });
  });

  test("of what somebody has deleted is 410, and says who it was", async () => {
    const { alice, bob } = await aliceOn();
    await bob.ask("DELETE", "/tasks/task-1");
    const refused = await alice.ask("PATCH", "/tasks/task-1", { title: "Too late" });
    expect(refused.said).toBe("410 gone");
    expect(refused.body.error.actorId).toBe("bob");
  });

  test("to an id that is taken is 409", async () => {
    const { alice } = await aliceOn();
    expect((await alice.ask("POST", "/tasks", { id: "task-1", listId: "list-todo", title: "x" })).said).toBe(
      "409 exists",
    );
  });

  test("can be taken back, and that too", async () => {
    const { alice, bob } = await aliceOn();
    const gone = await alice.ask("DELETE", "/tasks/task-1");
    const seq = Number(gone.headers.get("board-seq"));
    expect((await bob.ask("POST", "/boards/board-1/undo", { seq })).said).toBe("403 forbidden");
    const undone = await alice.ask("POST", "/boards/board-1/undo", { seq });
    expect(undone.body.event).toMatchObject({ type: "task_restored", data: { undoes: seq } });
  });
});

describe("lists", () => {
  test("are made, renamed, moved and deleted", async () => {
    const { alice } = await aliceOn();
    const made = await alice.ask("POST", "/boards/board-1/lists", { id: "later", name: "Later" });
    expect([made.status, made.body.name]).toEqual([201, "Later"]);
    expect((await alice.ask("PATCH", "/lists/later", { name: "Much later" })).body.name).toBe("Much later");
    expect((await alice.ask("PATCH", "/lists/later/move", { beforeId: "list-todo" })).status).toBe(200);
    const { body } = await alice.ask("GET", "/boards/board-1");
    expect(body.lists[0].id).toBe("later");
    expect((await alice.ask("DELETE", "/lists/later")).status).toBe(204);
    expect((await alice.ask("PATCH", "/lists/later", { name: "x" })).said).toBe("410 gone");
  });
});

describe("boards", () => {
  test("are made, listed, renamed and deleted", async () => {
    const { alice, bob } = await aliceOn();
    const made = await alice.ask("POST", "/boards", { id: "garden", name: " Garden " });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: "garden",
      name: "Garden",
      role: "owner",
      members: 1,
      tasks: 0,
    });
    expect((await alice.ask("POST", "/boards", { id: "garden", name: "x" })).said).toBe("409 exists");
    expect((await alice.ask("PATCH", "/boards/garden", { name: "Yard" })).body).toEqual({
      id: "garden",
      name: "Yard",
    });
    const { boards } = (await alice.ask("GET", "/boards")).body;
    expect(boards.map(({ name }: { name: string }) => name).sort()).toEqual(["Website launch", "Yard"]);
    expect((await bob.ask("GET", "/boards")).body.boards).toHaveLength(1);
    expect((await alice.ask("DELETE", "/boards/garden")).status).toBe(204);
    expect((await alice.ask("GET", "/boards/garden")).said).toBe("404 not_found");
  });

  test("say what has happened, newest first, page by page", async () => {
    const { alice, store } = await aliceOn();
    const head = (await store.head("board-1"))?.seq ?? 0;
    const first = (await alice.ask("GET", "/boards/board-1/activity?limit=2")).body;
    expect(first.events.map(({ seq }: { seq: number }) => seq)).toEqual([head, head - 1]);
    expect(first.more).toBe(true);
    const rest = (await alice.ask("GET", `/boards/board-1/activity?before=3`)).body;
    expect(rest.events.map(({ seq }: { seq: number }) => seq)).toEqual([2, 1]);
    expect(rest.more).toBe(false);
    expect((await alice.ask("GET", "/boards/board-1/activity?limit=201")).said).toBe("400 bad_input");
  });

  test("come compressed to those who accept it", async () => {
    const { alice, app } = await aliceOn();
    const plain = await alice.ask("GET", "/boards/board-1");
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.headers.get("cache-control")).toBe("no-store");
    for (const encoding of ["gzip", "br"]) {
      const headers = { cookie: alice.cookie, host: "localhost", "accept-encoding": `${encoding}, deflate` };
      const response = await app.fetch(new Request("http://localhost/boards/board-1", { headers }));
      expect(response.headers.get("content-encoding")).toBe(encoding);
      expect(response.headers.get("vary")).toBe("accept-encoding");
      const bytes = (await response.arrayBuffer()).byteLength;
      expect(bytes).toBeLessThan(plain.text.length / 2);
    }
  });
});

describe("members", () => {
  test("are let in, given another role, and shown the door; an owner stays", async () => {
    const { alice, signedIn } = await aliceOn();
    const carol = await signedIn("carol");
    const added = await alice.ask("POST", "/boards/board-1/members", { userId: "carol" });
    expect([added.status, added.body]).toEqual([201, { userId: "carol", name: "Carol", role: "editor" }]);
    expect((await carol.ask("GET", "/boards/board-1")).status).toBe(200);
    const changed = await alice.ask("PATCH", "/boards/board-1/members/carol", { role: "viewer" });
    expect(changed.body.role).toBe("viewer");
    expect((await carol.ask("POST", "/tasks", { listId: "list-todo", title: "x" })).said).toBe(
      "403 forbidden",
    );
    expect((await alice.ask("DELETE", "/boards/board-1/members/carol")).status).toBe(204);
    expect((await carol.ask("GET", "/boards/board-1")).said).toBe("404 not_found");
    expect((await alice.ask("DELETE", "/boards/board-1/members/alice")).said).toBe("403 forbidden");
    expect((await alice.ask("POST", "/boards/board-1/members", { userId: "never-was" })).said).toBe(
      "400 invalid",
    );
  });
});

test("tasks are found by what is in them, on one's own boards only", async () => {
  const { alice, signedIn } = await aliceOn();
  await alice.ask("POST", "/tasks", {
    id: "mow",
    listId: "list-todo",
    title: "Mow the lawn",
    labels: ["yard"],
  });
  const ids = async (query: string, person = alice) => {
    const { body } = await person.ask("GET", `/search?${query}`);
    return body.tasks.map(({ task }: { task: { id: string } }) => task.id);
  };
  expect(await ids("text=LAWN+mow")).toEqual(["mow"]);
  expect(await ids("label=yard&boardId=board-1")).toEqual(["mow"]);
  expect(await ids("text=lawn", await signedIn("carol"))).toEqual([]);
  expect((await alice.ask("GET", "/search?limit=0")).said).toBe("400 bad_input");
  expect((await alice.ask("GET", "/search?dueBy=tomorrow")).said).toBe("400 bad_input");
});
