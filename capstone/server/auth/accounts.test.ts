import { describe, expect, test } from "vitest";
import { hashPassword } from "../../../chapters/06-auth/passwords.ts";
import { openCapstone, type Reply } from "../testing/people.ts";

const cookieIn = ({ headers }: Reply) => headers.getSetCookie()[0] ?? "";

describe("signing up", () => {
  const erin = { userId: "erin", name: " Erin ", password: "a long password" };

  test("makes a user, who is signed in", async () => {
    const { nobody, withHeaders } = await openCapstone();
    const signedUp = await nobody.ask("POST", "/users", erin);
    expect(signedUp.status).toBe(201);
    expect(signedUp.body).toMatchObject({ userId: "erin", name: "Erin" });
    expect(cookieIn(signedUp)).toMatch(
      /^session=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const there = withHeaders({ cookie: cookieIn(signedUp).split(";", 1)[0] ?? "" });
    expect((await there.ask("GET", "/session")).body).toMatchObject({ userId: "erin", name: "Erin" });
    expect((await nobody.ask("POST", "/session", { userId: "erin", password: erin.password })).status).toBe(
      200,
    );
  });

  test("a user id that is taken is refused", async () => {
    const { nobody } = await openCapstone();
    expect((await nobody.ask("POST", "/users", { ...erin, userId: "alice" })).said).toBe("409 exists");
  });

  test.each([
    ["an id with a capital", { userId: "Erin" }],
    ["an id that begins with a dash", { userId: "-erin" }],
    ["an id of one letter", { userId: "e" }],
    ["an id of 33 letters", { userId: "e".repeat(33) }],
    ["a short password", { password: "123456789" }],
    ["the id as password", { userId: "erin-the-first", password: "Erin-The-First" }],
    ["a blank name", { name: "  " }],
    ["a name of two lines", { name: "Erin\nAdmin" }],
    ["a name of 61 letters", { name: "e".repeat(61) }],
    ["something unknown", { isAdmin: true }],
  ])("%s is refused", async (_what, change) => {
    const { nobody } = await openCapstone();
    expect((await nobody.ask("POST", "/users", { ...erin, ...change })).said).toBe("400 bad_input");
  });

  test("an address that signs up too often has to wait", async () => {
    const limits = { signUpsOfAddress: { burst: 1, perSecond: 0.01 } };
    const { nobody } = await openCapstone({ limits });
    expect((await nobody.ask("POST", "/users", erin)).status).toBe(201);
    const refused = await nobody.ask("POST", "/users", { ...erin, userId: "fred" });
    expect(refused.said).toBe("429 too_many");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("where it is closed it takes an invitation", async () => {
    const { nobody, signedIn } = await openCapstone({ isSignUpOpen: false });
    expect((await nobody.ask("POST", "/users", erin)).said).toBe("403 sign_up_closed");
    expect((await nobody.ask("POST", "/users", { ...erin, invitation: "guess" })).said).toBe(
      "403 sign_up_closed",
    );
    const alice = await signedIn("alice");
    const { body } = await alice.ask("POST", "/boards/board-1/invitations", {});
    expect((await nobody.ask("POST", "/users", { ...erin, invitation: body.token })).status).toBe(201);
  });
});

describe("signing in and out", () => {
  test("with the password, and with nothing else", async () => {
    const { nobody, store } = await openCapstone();
    const right = "correct horse battery";
    await store.createUser({ id: "erin", name: "Erin", passwordHash: await hashPassword(right) });
    expect((await nobody.ask("POST", "/session", { userId: "erin", password: right })).status).toBe(200);
    const wrong = await nobody.ask("POST", "/session", { userId: "erin", password: "wrong" });
    const unknown = await nobody.ask("POST", "/session", { userId: "nobody", password: "wrong" });
    expect(wrong.said).toBe("401 wrong_credentials");
    expect(unknown.text).toBe(wrong.text);
    // Dave has no password: nobody can sign in as him.
    expect((await nobody.ask("POST", "/session", { userId: "dave", password: "dave" })).said).toBe(
      "401 wrong_credentials",
    );
  });

  test("a user whose password is guessed too often has to wait", async () => {
    const limits = { signInsOfUser: { burst: 1, perSecond: 0.01 } };
    const { nobody } = await openCapstone({ limits });
    const guess = () => nobody.ask("POST", "/session", { userId: "alice", password: "guess" });
    expect((await guess()).said).toBe("401 wrong_credentials");
    expect((await guess()).said).toBe("429 too_many");
  });

  test("over TLS the cookie belongs to this host alone", async () => {
    const { nobody } = await openCapstone({ publicOrigin: "https://board.example.com" });
    const host = { host: "board.example.com" };
    const password = "a long password";
    const answer = await nobody.ask("POST", "/users", { userId: "erin", name: "Erin", password }, host);
    expect(cookieIn(answer)).toMatch(/^__Host-session=.*; HttpOnly; Secure; SameSite=Lax$/);
  });

  test("signing out ends the session at once, and the cookie", async () => {
    const { signedIn } = await openCapstone();
    const alice = await signedIn("alice");
    const out = await alice.ask("DELETE", "/session");
    expect(out.status).toBe(204);
    expect(cookieIn(out)).toMatch(/^session=; Max-Age=0;/);
    expect((await alice.ask("GET", "/boards")).said).toBe("401 not_signed_in");
    expect((await alice.ask("GET", "/session")).said).toBe("401 not_signed_in");
  });

  test("signing out everywhere ends all sessions of this user, and nobody else's", async () => {
    const { signedIn } = await openCapstone();
    const [here, elsewhere, bob] = [await signedIn("alice"), await signedIn("alice"), await signedIn("bob")];
    expect((await here.ask("DELETE", "/sessions")).status).toBe(204);
    expect((await here.ask("GET", "/boards")).said).toBe("401 not_signed_in");
    expect((await elsewhere.ask("GET", "/boards")).said).toBe("401 not_signed_in");
    expect((await bob.ask("GET", "/boards")).status).toBe(200);
  });

  test("a session expires", async () => {
    let now = Date.now();
    const { signedIn } = await openCapstone({ now: () => now, sessionLifetimeMs: 1_000 });
    const alice = await signedIn("alice");
    expect((await alice.ask("GET", "/boards")).status).toBe(200);
    now += 1_000;
    expect((await alice.ask("GET", "/boards")).said).toBe("401 not_signed_in");
  });
});

describe("another password", () => {
  test("takes the old one, and ends the other sessions", async () => {
    const { app, nobody, signedIn, store } = await openCapstone();
    const old = "correct horse battery";
    await store.createUser({ id: "erin", name: "Erin", passwordHash: await hashPassword(old) });
    const [here, elsewhere] = [await signedIn("erin"), await signedIn("erin")];
    const change = (currentPassword: string, password = "another password") =>
      here.ask("PATCH", "/users/me", { currentPassword, password });
    expect((await change("wrong")).said).toBe("403 wrong_credentials");
    expect((await change(old, "short")).said).toBe("400 bad_input");
    expect((await elsewhere.ask("GET", "/boards")).status).toBe(200);

    const { session } = await app.auth.credentials.create("erin");
    const open = app.auth.permissions.hold(session, "board-1");

    expect((await change(old)).status).toBe(204);
    expect(open.signal.reason, "what is open elsewhere ends at once").toMatchObject({ code: 4401 });
    expect((await here.ask("GET", "/boards")).status).toBe(200);
    expect((await elsewhere.ask("GET", "/boards")).said).toBe("401 not_signed_in");
    expect((await nobody.ask("POST", "/session", { userId: "erin", password: old })).status).toBe(401);
    expect(
      (await nobody.ask("POST", "/session", { userId: "erin", password: "another password" })).status,
    ).toBe(200);
  });
});

describe("pages of others", () => {
  const foreign = { origin: "http://localhost:4000" };

  test("may neither ask nor change anything with our cookie", async () => {
    const { signedIn } = await openCapstone();
    const alice = await signedIn("alice");
    const body = { listId: "list-todo", title: "x" };
    expect((await alice.ask("POST", "/tasks", body, foreign)).said).toBe("403 foreign_origin");
    expect((await alice.ask("GET", "/boards", undefined, foreign)).said).toBe("403 foreign_origin");
    expect((await alice.ask("POST", "/tasks", body, { origin: "null" })).said).toBe("403 foreign_origin");
    expect((await alice.ask("POST", "/tasks", body, { "sec-fetch-site": "cross-site" })).said).toBe(
      "403 foreign_origin",
    );
    expect((await alice.ask("POST", "/tasks", body, { origin: "http://localhost" })).status).toBe(201);
  });

  test("cannot sign anybody in, or up", async () => {
    const { nobody } = await openCapstone();
    expect((await nobody.ask("POST", "/session", { userId: "alice", password: "demo" }, foreign)).said).toBe(
      "403 foreign_origin",
    );
    expect((await nobody.ask("POST", "/session/demo", { userId: "alice" }, foreign)).said).toBe(
      "403 foreign_origin",
    );
  });

  test("cannot send what a form can send", async () => {
    const { signedIn } = await openCapstone();
    const alice = await signedIn("alice");
    const body = '{"listId":"list-todo","title":"x"}';
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      expect((await alice.ask("POST", "/tasks", body, { "content-type": type })).said).toBe("415 not_json");
    }
  });
});
