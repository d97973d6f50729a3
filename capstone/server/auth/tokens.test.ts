import { describe, expect, test } from "vitest";
import { type Capstone, openCapstone } from "../testing/people.ts";

async function program({ signedIn, withHeaders }: Capstone, scope: "read" | "write") {
  const alice = await signedIn("alice");
  const made = await alice.ask("POST", "/tokens", { name: "nightly report", scope });
  return { alice, made, program: withHeaders({ authorization: `Bearer ${made.body.token}` }) };
}

const TASK = { listId: "list-todo", title: "From a program" };

describe("API tokens", () => {
  test("a token is shown once, and then never again", async () => {
    const capstone = await openCapstone();
    const { alice, made } = await program(capstone, "read");
    expect(made.status).toBe(201);
    expect(made.body.token).toMatch(/^rtb_[\w-]{43}$/);
    expect(made.body).toMatchObject({ name: "nightly report", scope: "read", lastUsedAt: null });
    const listed = await alice.ask("GET", "/tokens");
    expect(listed.body.tokens).toHaveLength(1);
    expect(listed.text).not.toContain(made.body.token.slice(4));
    expect(listed.body.tokens[0]).not.toHaveProperty("userId");
  });

  test("a token for writing may do what its user may, without an origin", async () => {
    const capstone = await openCapstone();
    const { alice, program: writer } = await program(capstone, "write");
    expect((await writer.ask("POST", "/tasks", TASK, { origin: "https://elsewhere.example" })).status).toBe(
      201,
    );
    expect((await writer.ask("GET", "/boards/board-2")).said).toBe("404 not_found");
    expect((await writer.ask("GET", "/session")).body).toMatchObject({ userId: "alice", expiresAt: null });
    const [{ lastUsedAt }] = (await alice.ask("GET", "/tokens")).body.tokens;
    expect(lastUsedAt).toMatch(/:00:00\.000Z$/);
  });

  test("a token for reading changes nothing, by any method", async () => {
    const capstone = await openCapstone();
    const { program: reader } = await program(capstone, "read");
    expect((await reader.ask("GET", "/boards/board-1")).status).toBe(200);
    expect((await reader.ask("POST", "/tickets")).status).toBe(201);
    expect((await reader.ask("POST", "/tasks", TASK)).said).toBe("403 read_only");
    expect((await reader.ask("PATCH", "/tasks/task-1", { title: "x" })).said).toBe("403 read_only");
    expect((await reader.ask("DELETE", "/tasks/task-1")).said).toBe("403 read_only");
    expect((await reader.ask("POST", "/boards", { name: "x" })).said).toBe("403 read_only");
    expect((await reader.ask("DELETE", "/boards/board-1")).said).toBe("403 read_only");
  });

  test("no token can make another one, or change the account", async () => {
    const capstone = await openCapstone();
    const { made, program: writer } = await program(capstone, "write");
    expect((await writer.ask("POST", "/tokens", { name: "another", scope: "write" })).said).toBe(
      "403 forbidden",
    );
    expect((await writer.ask("GET", "/tokens")).said).toBe("403 forbidden");
    expect((await writer.ask("DELETE", `/tokens/${made.body.id}`)).said).toBe("403 forbidden");
    const password = { currentPassword: "demo", password: "a long password" };
    expect((await writer.ask("PATCH", "/users/me", password)).said).toBe("403 forbidden");
  });

  test("a deleted token is worth nothing, nor is a forged one", async () => {
    const capstone = await openCapstone();
    const { alice, made, program: writer } = await program(capstone, "write");
    const ticket = await writer.ask("POST", "/tickets");
    expect((await alice.ask("DELETE", `/tokens/${made.body.id}`)).status).toBe(204);
    expect((await alice.ask("DELETE", `/tokens/${made.body.id}`)).said).toBe("404 not_found");
    expect((await writer.ask("GET", "/boards")).said).toBe("401 bad_token");
    expect(await capstone.app.auth.redeem(ticket.body.ticket)).toBeUndefined();
    const forged = capstone.withHeaders({ authorization: `Bearer rtb_${"A".repeat(43)}` });
    expect((await forged.ask("GET", "/boards")).said).toBe("401 bad_token");
  });

  test("nobody can delete somebody else's token", async () => {
    const capstone = await openCapstone();
    const { made, program: reader } = await program(capstone, "read");
    const bob = await capstone.signedIn("bob");
    expect((await bob.ask("DELETE", `/tokens/${made.body.id}`)).said).toBe("404 not_found");
    expect((await reader.ask("GET", "/boards")).status).toBe(200);
  });

  test("a cookie beside a token is held to its origin all the same", async () => {
    const capstone = await openCapstone();
    const { alice, made } = await program(capstone, "write");
    const both = capstone.withHeaders({ authorization: `Bearer ${made.body.token}`, cookie: alice.cookie });
    expect((await both.ask("POST", "/tasks", TASK, { origin: "https://elsewhere.example" })).said).toBe(
      "403 foreign_origin",
    );
  });
});
