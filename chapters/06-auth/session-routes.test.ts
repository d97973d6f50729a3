import { describe, expect, test } from "vitest";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { cookieIn } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { type AppOptions, createApp } from "./app.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

function demoApp(options: Partial<AppOptions> = {}) {
  const { database, boards } = demoBoard();
  const lines: string[] = [];
  const app = createApp({ database, log: (line) => lines.push(line), ...options });
  const signIn = (userId: string, password = "demo", headers: Record<string, string> = {}) =>
    app.request("/session", { method: "POST", body: { userId, password }, headers });
  return { app, boards, database, lines, signIn };
}

const codeOf = async (response: Response) => `${response.status} ${(await response.json()).error.code}`;

describe("passwords", () => {
  test("a password is stored with a salt of its own, and only itself opens it", async () => {
    const [first, second] = await Promise.all([hashPassword("demo"), hashPassword("demo")]);
    expect(first).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[\w-]{22}\$[\w-]{43}$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword("demo", first)).toBe(true);
    expect(await verifyPassword("Demo", first)).toBe(false);
    expect(await verifyPassword("", first)).toBe(false);
    expect(await verifyPassword("demo", undefined)).toBe(false);
  });

  test("the same letters typed in two ways are one password", async () => {
    expect(await verifyPassword("e\u0301", await hashPassword("\u00e9"))).toBe(true);
  });

  test("a password that was stored at another cost still opens", async () => {
    // From RFC 7914, section 12: scrypt of "password" with the salt "NaCl", N = 1024, r = 8, p = 16.
    const hash = Buffer.from(
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
      "hex",
    );
    const stored = `$scrypt$ln=10,r=8,p=16$${Buffer.from("NaCl").toString("base64url")}$${hash.toString("base64url")}`;
    expect(await verifyPassword("password", stored)).toBe(true);
  });
});

describe("signing in", () => {
  test("every demo user can sign in, and is told who they are", async () => {
    const { signIn, app } = demoApp({ now: () => Date.parse("2026-11-21T08:00:00.000Z") });
    for (const [userId, name] of [
      ["alice", "Alice"],
      ["bob", "Bob"],
      ["carol", "Carol"],
    ] as const) {
      const response = await signIn(userId);
      const described = { userId, name, expiresAt: "2026-11-21T20:00:00.000Z" };
      expect([response.status, await response.json()]).toEqual([200, described]);
      const again = await app.request("/session", { headers: { cookie: cookieIn(response) } });
      expect(await again.json()).toEqual(described);
    }
  });

  test("the cookie cannot be read by scripts, is not sent by other sites, and goes with a sign-out", async () => {
    const { signIn, app } = demoApp();
    const response = await signIn("bob");
    expect(response.headers.get("set-cookie")).toMatch(
      /^session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const cookie = cookieIn(response);
    const out = await app.request("/session", { method: "DELETE", headers: { cookie } });
    expect(out.headers.get("set-cookie")).toBe("session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    expect(await codeOf(await app.request("/session", { headers: { cookie } }))).toBe("401 not_signed_in");
    // Twice is no error: whoever signs out wants to be signed out.
    expect((await app.request("/session", { method: "DELETE", headers: { cookie } })).status).toBe(204);
  });

  test("over TLS the cookie is Secure, and its name keeps other subdomains from planting one", async () => {
    const { signIn } = demoApp({ publicOrigin: "https://board.example.com" });
    expect((await signIn("bob")).headers.get("set-cookie")).toMatch(
      /^__Host-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test("a wrong password and a user who does not exist get one answer, in about the same time", async () => {
    const { signIn } = demoApp();
    const timed = async (userId: string) => {
      const start = performance.now();
      const response = await signIn(userId, "wrong");
      return [await codeOf(response), performance.now() - start] as const;
    };
    await timed("bob");
    const [known, unknown] = [await timed("bob"), await timed("nobody")];
    expect([known[0], unknown[0]]).toEqual(["401 wrong_credentials", "401 wrong_credentials"]);
    const ratio = unknown[1] / known[1];
    expect(ratio).toBeGreaterThan(0.2);
    expect(ratio).toBeLessThan(5);
  });

  test("a user without a password cannot sign in", async () => {
    const { signIn, database } = demoApp();
    database.prepare("UPDATE users SET password_hash = NULL WHERE id = 'bob'").run();
    expect(await codeOf(await signIn("bob"))).toBe("401 wrong_credentials");
  });

  test("a sign-in is always a new session, and the one before it is over", async () => {
    const { signIn, app } = demoApp();
    const first = cookieIn(await signIn("bob"));
    const second = cookieIn(await signIn("bob", "demo", { cookie: first }));
    expect(second).not.toBe(first);
    expect((await app.request("/session", { headers: { cookie: first } })).status).toBe(401);
    expect((await app.request("/session", { headers: { cookie: second } })).status).toBe(200);
    // A token that somebody else has planted does not become a session.
    const planted = `session=${"x".repeat(43)}`;
    expect(cookieIn(await signIn("bob", "demo", { cookie: planted }))).not.toBe(planted);
    expect((await app.request("/session", { headers: { cookie: planted } })).status).toBe(401);
  });

  test("the database holds no token, only hashes; and expired sessions are swept", async () => {
    let now = 1_000;
    const { signIn, database } = demoApp({ now: () => now });
    const token = cookieIn(await signIn("bob")).slice("session=".length);
    const rows = () => database.prepare("SELECT * FROM sessions").all();
    expect(JSON.stringify(rows())).not.toContain(token);
    now += 12 * 3_600_000;
    await signIn("alice");
    expect(rows()).toHaveLength(1);
  });
});

describe("requests that other pages could make a browser send", () => {
  const own = "http://localhost";
  const CASES: [string, string, Record<string, string>, string][] = [
    ["a form on another site", "POST", { origin: "https://evil.example" }, "403 foreign_origin"],
    ["a form in a sandboxed frame", "POST", { origin: "null" }, "403 foreign_origin"],
    ["another site, without Origin", "POST", { "sec-fetch-site": "cross-site" }, "403 foreign_origin"],
    [
      "another subdomain or port, without Origin",
      "DELETE",
      { "sec-fetch-site": "same-site" },
      "403 foreign_origin",
    ],
    [
      "a script of another origin that only reads",
      "GET",
      { origin: "https://evil.example" },
      "403 foreign_origin",
    ],
    ["our own page", "POST", { origin: own, "sec-fetch-site": "same-origin" }, "201"],
    ["a program that is no browser", "POST", {}, "201"],
    ["a link on another site", "GET", { "sec-fetch-site": "cross-site" }, "200"],
  ];

  for (const [name, method, headers, wanted] of CASES) {
    test(`${name}: ${wanted}`, async () => {
      const { app } = demoApp();
      const cookie = `session=${app.auth.sessions.create("bob").token}`;
      const [path, options] = {
        GET: ["/boards/board-1", {}],
        POST: ["/tasks", { body: { listId: "list-todo", title: "By request" } }],
        DELETE: ["/tasks/task-1", {}],
      }[method] as [string, object];
      const response = await app.request(path, { method, ...options, headers: { cookie, ...headers } });
      expect(response.ok ? `${response.status}` : await codeOf(response)).toBe(wanted);
    });
  }

  test("even signing in: otherwise you could be signed in as somebody else, and not notice", async () => {
    const { signIn } = demoApp();
    expect(await codeOf(await signIn("carol", "demo", { origin: "https://evil.example" }))).toBe(
      "403 foreign_origin",
    );
  });

  test("a body that is not declared as JSON is refused, as a form would send it", async () => {
    const { app } = demoApp();
    const { url } = await startServer(app);
    const cookie = `session=${app.auth.sessions.create("bob").token}`;
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/jsonp",
    ]) {
      const body = JSON.stringify({ listId: "list-todo", title: "Smuggled" });
      const headers = { cookie, "content-type": type };
      expect(await codeOf(await fetch(`${url}/tasks`, { method: "POST", headers, body }))).toBe(
        "415 not_json",
      );
    }
    const headers = { cookie, "content-type": "application/json; charset=utf-8" };
    const body = JSON.stringify({ listId: "list-todo", title: "Declared" });
    expect((await fetch(`${url}/tasks`, { method: "POST", headers, body })).status).toBe(201);
  });
});

describe("logs", () => {
  test("every request has a line that says who, what and how, and no line has a ticket, a cookie or a password", async () => {
    const { app, lines, signIn } = demoApp();
    const cookie = cookieIn(await signIn("bob"));
    await signIn("bob", "wrong");
    const { ticket } = await (await app.request("/tickets", { method: "POST", headers: { cookie } })).json();
    const server = await startServer(app);
    const { WebSocket } = await import("ws");
    for (const query of [`?ticket=${ticket}`, `?ticket=${ticket}`]) {
      await new Promise<void>((resolve) => {
        const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws${query}`);
        socket.on("open", () => socket.close());
        socket.on("error", () => {});
        socket.on("close", () => resolve());
      });
    }
    await app.request(`/boards/board-1?ticket=${ticket}`, { headers: { cookie } });
    await app.request("/boards/board-1%0AGET", { headers: { cookie } });
    expect(lines).toEqual([
      "POST /session 200 -",
      "POST /session 401 -",
      "POST /tickets 201 bob",
      "GET /ws 101 bob",
      "GET /ws 401 -",
      "GET /boards/board-1 200 bob",
      "GET /boards/board-1%0AGET 404 bob",
    ]);
    for (const secret of [ticket, cookie.slice("session=".length), "demo", "wrong"]) {
      expect(lines.join("\n")).not.toContain(secret);
    }
  });
});
