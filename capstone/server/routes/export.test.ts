import { expect, test } from "vitest";
import { openCapstone } from "../testing/people.ts";
import { isTooDeep } from "./json-depth.ts";

test("a board leaves as a file, and comes back as a new board", async () => {
  const { signedIn } = await openCapstone();
  const [alice, carol] = [await signedIn("alice"), await signedIn("carol")];
  const file = await alice.ask("GET", "/boards/board-1/export");
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="website-launch.json"');
  expect(file.body).toMatchObject({ format: "real-time-board", version: 1 });
  const made = await carol.ask("POST", "/boards/import", file.text);
  expect(made.status).toBe(201);
  const { body: copy } = await carol.ask("GET", `/boards/${made.body.id}`);
  const titles = (tasks: { title: string }[]) => tasks.map(({ title }) => title).sort();
  expect(titles(copy.tasks)).toEqual(titles(file.body.tasks));
  expect(copy.board.members).toEqual([{ userId: "carol", name: "Carol", role: "owner" }]);
  expect((await alice.ask("GET", `/boards/${made.body.id}`)).said).toBe("404 not_found");
});

test("a name with anything in it becomes a harmless file name", async () => {
  const { signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  await alice.ask("POST", "/boards", { id: "odd", name: 'Übung "1"; ../x' });
  const file = await alice.ask("GET", "/boards/odd/export");
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="u-bung-1-x.json"');
});

test("what is no such file is refused", async () => {
  const { signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  const file = (await alice.ask("GET", "/boards/board-1/export")).body;
  const send = (body: unknown) => alice.ask("POST", "/boards/import", body);
  expect((await send({})).said).toBe("400 bad_input");
  expect((await send("{")).said).toBe("400 bad_input");
  expect((await send({ ...file, version: 2 })).said).toBe("400 bad_input");
  const tasks = [{ ...file.tasks[0], title: "x".repeat(501) }];
  const refused = await send({ ...file, tasks });
  expect(refused.said).toBe("400 bad_input");
  expect(refused.body.error.issues[0].path).toEqual(["tasks", "0", "title"]);
  const deep = await send(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  expect(deep.body.error.issues[0].message).toBe("It is nested too deeply.");
  expect((await alice.ask("GET", "/boards")).body.boards).toHaveLength(1);
});

test("it has a larger limit than other bodies, and has one", async () => {
  const { signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  const file = (await alice.ask("GET", "/boards/board-1/export")).body;
  expect((await alice.ask("POST", "/boards/import", { ...file, rest: "x".repeat(300_000) })).status).toBe(
    201,
  );
  const large = JSON.stringify({ ...file, rest: "x".repeat(10 * 1024 * 1024) });
  expect((await alice.ask("POST", "/boards/import", large)).said).toBe("413 body_too_large");
});

test("depth is counted outside of strings", () => {
  expect(isTooDeep('[[["[[[["]]]', 3)).toBe(false);
  expect(isTooDeep('["a\\"[[[[", [[]]]', 3)).toBe(false);
  expect(isTooDeep('[{"a":[[]]}]', 3)).toBe(true);
  expect(isTooDeep("[][][][][]", 1)).toBe(false);
});

test("a file has no more comments than can be written at once", async () => {
  const { signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  const file = (await alice.ask("GET", "/boards/board-1/export")).body;
  const tasks = Array.from({ length: 41 }, (_, index) => ({ ...file.tasks[0], id: `task-${index}` }));
  const comments = tasks.flatMap(({ id }) => Array(490).fill({ taskId: id, text: "x" }));
  expect((await alice.ask("POST", "/boards/import", { ...file, tasks, comments })).said).toBe(
    "400 bad_input",
  );
});

test("who imports too often has to wait", async () => {
  const limits = { importsOfUser: { burst: 1, perSecond: 0.01 } };
  const { signedIn } = await openCapstone({ limits });
  const alice = await signedIn("alice");
  const file = await alice.ask("GET", "/boards/board-1/export");
  expect((await alice.ask("POST", "/boards/import", file.text)).status).toBe(201);
  expect((await alice.ask("POST", "/boards/import", file.text)).said).toBe("429 too_many");
});

test.each(["/boards/board-1", "/boards/board-1/updates?after=0", "/boards/board-1/poll?after=0"])(
  "who has asked for large answers has to wait until they are paid for: %s",
  async (path) => {
    const limits = { bytesOfUser: { burst: 100_000, perSecond: 1_000 } };
    const { signedIn } = await openCapstone({ limits });
    const [alice, bob] = [await signedIn("alice"), await signedIn("bob")];
    for (let index = 0; index < 20; index += 1) {
      const task = { listId: "list-todo", title: "Large", description: "x".repeat(10_000) };
      expect((await alice.ask("POST", "/tasks", task)).status).toBe(201);
    }
    expect((await alice.ask("GET", path)).text.length).toBeGreaterThan(200_000);
    const refused = await alice.ask("GET", "/boards");
    expect(refused.said).toBe("429 too_many");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    expect((await bob.ask("GET", "/boards")).status).toBe(200);
  },
);
