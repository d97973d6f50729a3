import { expect, test } from "vitest";
import { openCapstone, type Person } from "../testing/people.ts";

const HOUR = 3_600_000;

async function invited(role: "editor" | "viewer" = "editor") {
  let now = Date.now();
  const capstone = await openCapstone({ now: () => now });
  const [alice, carol] = [await capstone.signedIn("alice"), await capstone.signedIn("carol")];
  const made = await alice.ask("POST", "/boards/board-1/invitations", { role, expiresInHours: 2 });
  const accept = (person: Person, token = made.body.token) =>
    person.ask("POST", `/invitations/${token}/accept`);
  const later = (ms: number) => {
    now += ms;
  };
  return { ...capstone, alice, carol, made, accept, later };
}

test("whoever has the link sees what it is to, and can join", async () => {
  const { nobody, carol, made, accept } = await invited("viewer");
  expect(made.status).toBe(201);
  expect(made.body.token).toMatch(/^[\w-]{32}$/);
  const seen = await nobody.ask("GET", `/invitations/${made.body.token}`);
  expect(seen.body).toEqual({
    boardName: "Website launch",
    inviterName: "Alice",
    role: "viewer",
    expiresAt: made.body.expiresAt,
  });
  expect((await accept(nobody)).said).toBe("401 not_signed_in");
  expect((await accept(carol)).body).toEqual({
    userId: "carol",
    name: "Carol",
    role: "viewer",
    boardId: "board-1",
  });
  expect((await carol.ask("GET", "/boards/board-1")).status).toBe(200);
  expect((await carol.ask("PATCH", "/boards/board-1", { name: "x" })).said).toBe("403 forbidden");
});

test("a second time changes nothing, and a member's role stays", async () => {
  const { alice, carol, accept, store } = await invited();
  await accept(carol);
  const head = await store.head("board-1");
  expect((await accept(carol)).status).toBe(200);
  expect((await accept(alice)).body).toMatchObject({ userId: "alice", role: "owner" });
  expect(await store.head("board-1")).toEqual(head);
});

test("one that has expired is not there", async () => {
  const { nobody, alice, carol, made, accept, later } = await invited();
  later(2 * HOUR);
  expect((await nobody.ask("GET", `/invitations/${made.body.token}`)).said).toBe("404 not_found");
  expect((await accept(carol)).said).toBe("404 not_found");
  expect((await alice.ask("GET", "/boards/board-1/invitations")).body.invitations).toEqual([]);
});

test("one that was withdrawn is not there, nor is one that was guessed", async () => {
  const { nobody, alice, carol, made, accept } = await invited();
  const listed = await alice.ask("GET", "/boards/board-1/invitations");
  expect(listed.body.invitations).toHaveLength(1);
  expect(listed.text).not.toContain(made.body.token);
  expect((await alice.ask("DELETE", `/boards/board-1/invitations/${made.body.id}`)).status).toBe(204);
  expect((await alice.ask("DELETE", `/boards/board-1/invitations/${made.body.id}`)).said).toBe(
    "404 not_found",
  );
  const withdrawn = await accept(carol);
  const guessed = await accept(carol, "A".repeat(32));
  expect(withdrawn.said).toBe("404 not_found");
  expect(guessed.text).toBe(withdrawn.text);
  expect((await nobody.ask("GET", `/invitations/${made.body.token}`)).text).toBe(guessed.text);
});

test("guessing has a limit", async () => {
  const { nobody } = await openCapstone({ limits: { guessesOfAddress: { burst: 1, perSecond: 0.01 } } });
  expect((await nobody.ask("GET", "/invitations/guess")).said).toBe("404 not_found");
  expect((await nobody.ask("GET", "/invitations/guess")).said).toBe("429 too_many");
});

test("what can be asked for", async () => {
  const { alice } = await invited();
  const ask = (body: unknown) => alice.ask("POST", "/boards/board-1/invitations", body);
  expect((await ask({ role: "owner" })).said).toBe("400 bad_input");
  expect((await ask({ expiresInHours: 721 })).said).toBe("400 bad_input");
  const { body } = await ask({});
  expect(body.role).toBe("editor");
  expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(7 * 24 * HOUR - 60_000);
});
