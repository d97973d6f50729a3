import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, onTestFinished, test } from "vitest";
import { accepted, demoBoard } from "../../shared/testing/demo-board.ts";
import { openRawStream } from "../../shared/testing/raw-stream.ts";
import { askForSocket, getTicket } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { type AppOptions, createApp } from "./app.ts";
import { createSignedTickets } from "./signed-tickets.ts";
import { createTickets } from "./tickets.ts";

const KEY = new Uint8Array(32).fill(7);
const SESSION_MS = 3_600_000;

/** A server whose clock the test can turn. */
async function startWorld(options: Partial<AppOptions> = {}, ticketKind: TicketKind = "random") {
  const { database, boards } = demoBoard();
  let skew = 0;
  const now = () => Date.now() + skew;
  const tickets =
    ticketKind === "random" ? createTickets(undefined, now) : createSignedTickets(KEY, undefined, now);
  const app = createApp({ database, now, tickets, sessionLifetimeMs: SESSION_MS, ...options });
  const { url, port } = await startServer(app, { graceMs: 100 });
  /** Not by a password: that is slow on purpose, and `session-routes.test.ts` does it. */
  const cookieOf = (userId: string) => {
    const { token } = app.auth.sessions.create(userId);
    return app.auth.cookie.give(token).split(";", 1)[0] ?? "";
  };
  return {
    url,
    port,
    app,
    boards,
    cookieOf,
    wait: (ms: number) => {
      skew += ms;
    },
    ticketOf: (userId: string) => getTicket(url, cookieOf(userId)),
    signOut: (cookie: string) => fetch(`${url}/session`, { method: "DELETE", headers: { cookie } }),
    remove: (userId: string) => accepted(boards.removeMember("alice", "board-1", userId)),
  };
}

type World = Awaited<ReturnType<typeof startWorld>>;
type TicketKind = "random" | "signed";
type Headers = Record<string, string>;

/** Every way to a board, and what it answers in one line. */
const TRANSPORTS: Record<string, (world: World, headers: Headers) => Promise<string>> = {
  "the snapshot": ({ url }, headers) => answerOf(`${url}/boards/board-1`, { headers }),
  "a change": ({ url }, headers) =>
    answerOf(`${url}/tasks/task-1`, {
      method: "PATCH",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ title: "Changed" }),
    }),
  "short polling": ({ url }, headers) => answerOf(`${url}/boards/board-1/updates?after=8`, { headers }),
  "long polling": ({ url }, headers) => answerOf(`${url}/boards/board-1/poll?after=8`, { headers }),
  "server-sent events": async ({ port }, headers) => {
    const stream = openRawStream(port, "/boards/board-1/events?after=8", {
      ...headers,
      Host: `127.0.0.1:${port}`,
    });
    await until("an answer", () => stream.isOver || stream.events.length > 0);
    const answer = stream.head?.status === 200 ? "200" : `${stream.head?.status} refused`;
    stream.socket.destroy();
    return answer;
  },
  "a socket, by its cookie": ({ url }, headers) => joinBySocket(url, { origin: url, ...headers }),
};

async function answerOf(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  if (response.ok) return `${response.status}`;
  return `${response.status} ${(await response.json()).error.code}`;
}

/** Opens a socket and joins the board. @param first a message before that */
async function joinBySocket(url: string, headers: Headers, query = "", first?: object): Promise<string> {
  const client = await askForSocket(url, headers, query);
  if (client.status !== 101) return `${client.status} ${client.refusal}`;
  if (first) {
    client.say(first);
    await until("an answer", () => client.of("signed_in").length > 0 || client.closed.code);
  }
  if (client.closed.code === undefined) client.say({ type: "join", boardId: "board-1" });
  const answer = await until("an answer", () => {
    const [joined] = client.of("joined");
    const [error] = client.of("error");
    if (joined) return "101 joined";
    if (error) return `101 ${error.code}`;
    return client.closed.code === undefined ? undefined : `101 closed ${client.closed.code}`;
  });
  client.socket.terminate();
  return answer;
}

/** What each transport answers when it is refused for this reason. */
function expected(transport: string, refusal: string): string {
  if (transport === "server-sent events" && refusal !== "200") return `${refusal.split(" ")[0]} refused`;
  if (!transport.startsWith("a socket")) return refusal;
  if (refusal === "200") return "101 joined";
  // Who is let in hears of the board only when they ask for it.
  return refusal === "404 not_found" ? "101 not_found" : refusal;
}

describe("a cookie", () => {
  const CREDENTIALS: Record<string, [string, (world: World) => Promise<Headers>]> = {
    "that is good": ["200", async ({ cookieOf }) => ({ cookie: cookieOf("bob") })],
    "that is missing": ["401 not_signed_in", async () => ({})],
    "that is empty": ["401 not_signed_in", async () => ({ cookie: "session=" })],
    "that is no cookie": ["401 not_signed_in", async () => ({ cookie: ";;=%zz; session" })],
    "that is forged": ["401 not_signed_in", async () => ({ cookie: `session=${"A".repeat(43)}` })],
    "with one letter changed": [
      "401 not_signed_in",
      async ({ cookieOf }) => {
        const cookie = cookieOf("bob");
        return { cookie: cookie.slice(0, -2) + (cookie.at(-2) === "A" ? "B" : "A") + cookie.at(-1) };
      },
    ],
    "that names the session as the database does": [
      "401 not_signed_in",
      async ({ cookieOf, app }) => {
        const cookie = cookieOf("bob");
        const { id = "" } = app.auth.sessions.find(cookie.split("=")[1] ?? "") ?? {};
        expect(id).toMatch(/^[0-9a-f]{64}$/);
        return { cookie: `session=${id}` };
      },
    ],
    "that has expired": [
      "401 not_signed_in",
      async ({ cookieOf, wait }) => {
        const cookie = cookieOf("bob");
        wait(SESSION_MS);
        return { cookie };
      },
    ],
    "that is about to expire": [
      "200",
      async ({ cookieOf, wait }) => {
        const cookie = cookieOf("bob");
        wait(SESSION_MS - 5_000);
        return { cookie };
      },
    ],
    "that is replayed after its sign-out": [
      "401 not_signed_in",
      async ({ cookieOf, signOut }) => {
        const cookie = cookieOf("bob");
        expect((await signOut(cookie)).status).toBe(204);
        return { cookie };
      },
    ],
    "of another user": ["404 not_found", async ({ cookieOf }) => ({ cookie: cookieOf("carol") })],
    "of a removed member": [
      "404 not_found",
      async ({ cookieOf, remove }) => {
        const cookie = cookieOf("bob");
        remove("bob");
        return { cookie };
      },
    ],
  };

  for (const [name, [refusal, prepare]] of Object.entries(CREDENTIALS)) {
    test(`${name}: ${refusal}, on every transport`, async () => {
      const world = await startWorld();
      const headers = await prepare(world);
      for (const [transport, ask] of Object.entries(TRANSPORTS)) {
        // A change of a task says that there is no such task, which is the same code.
        expect([transport, await ask(world, headers)]).toEqual([transport, expected(transport, refusal)]);
      }
    });
  }

  test("used at the same time on every transport: all of them are let in", async () => {
    const world = await startWorld();
    const cookie = world.cookieOf("bob");
    const answers = await Promise.all(Object.values(TRANSPORTS).map((ask) => ask(world, { cookie })));
    expect(answers).toEqual(["200", "200", "200", "200", "200", "101 joined"]);
  });
});

for (const kind of ["random", "signed"] as const) {
  describe(`a ${kind} ticket`, () => {
    /** The two ways of handing it in, and what is said to one that is not good. */
    const WAYS: [string, string, (world: World, ticket: string) => Promise<string>][] = [
      [
        "in the address",
        "401 not_signed_in",
        ({ url }, ticket) => joinBySocket(url, {}, `?ticket=${encodeURIComponent(ticket)}`),
      ],
      [
        "in the first message",
        "101 closed 4401",
        ({ url }, ticket) => joinBySocket(url, {}, "?auth=message", { type: "auth", ticket }),
      ],
    ];
    const claims = (change: (jwt: SignJWT) => SignJWT, sid = "s", alg = "HS256") =>
      change(
        new SignJWT({ sid })
          .setProtectedHeader({ alg })
          .setAudience("socket")
          .setJti("1")
          .setIssuedAt()
          .setExpirationTime("10s"),
      );
    const sessionOf = async ({ cookieOf, app }: World) =>
      app.auth.sessions.find(cookieOf("bob").split("=")[1] ?? "")?.id ?? "";

    const TICKETS: Record<string, ["good" | "refused" | "not_found", (world: World) => Promise<string>]> = {
      "that is good": ["good", ({ ticketOf }) => ticketOf("bob")],
      "that is missing": ["refused", async () => ""],
      "that is forged": ["refused", async () => "A".repeat(43)],
      "that has expired": [
        "refused",
        async ({ ticketOf, wait }) => {
          const ticket = await ticketOf("bob");
          wait(11_000);
          return ticket;
        },
      ],
      "whose session has been signed out": [
        "refused",
        async ({ url, cookieOf, signOut }) => {
          const cookie = cookieOf("bob");
          const ticket = await getTicket(url, cookie);
          await signOut(cookie);
          return ticket;
        },
      ],
      "that is replayed": [
        "refused",
        async ({ url, ticketOf }) => {
          const ticket = await ticketOf("bob");
          expect(await joinBySocket(url, {}, `?ticket=${ticket}`)).toBe("101 joined");
          return ticket;
        },
      ],
      "of another user": ["not_found", ({ ticketOf }) => ticketOf("carol")],
      "of a removed member": [
        "not_found",
        async ({ ticketOf, remove }) => {
          const ticket = await ticketOf("bob");
          remove("bob");
          return ticket;
        },
      ],
      ...(kind === "signed" && {
        "that is unsigned": [
          "refused",
          async (world: World) =>
            new UnsecuredJWT({ sid: await sessionOf(world), jti: "1" })
              .setAudience("socket")
              .setExpirationTime("10s")
              .encode(),
        ],
        "that is signed with another key": [
          "refused",
          async (world: World) => claims((jwt) => jwt, await sessionOf(world)).sign(new Uint8Array(32)),
        ],
        "that is signed with another algorithm": [
          "refused",
          async (world: World) => claims((jwt) => jwt, await sessionOf(world), "HS512").sign(KEY),
        ],
        "that was signed for something else": [
          "refused",
          async (world: World) =>
            claims((jwt) => jwt.setAudience("newsletter"), await sessionOf(world)).sign(KEY),
        ],
        "without an end": [
          "refused",
          async (world: World) =>
            new SignJWT({ sid: await sessionOf(world) })
              .setProtectedHeader({ alg: "HS256" })
              .setAudience("socket")
              .setJti("1")
              .sign(KEY),
        ],
        "that names a session that is not there": ["refused", () => claims((jwt) => jwt).sign(KEY)],
        "that another server with the same key has signed": [
          "good",
          async (world: World) => claims((jwt) => jwt, await sessionOf(world)).sign(KEY),
        ],
      }),
    };

    for (const [name, [outcome, prepare]] of Object.entries(TICKETS)) {
      for (const [way, refused, ask] of WAYS) {
        const wanted = { good: "101 joined", not_found: "101 not_found", refused }[outcome];
        test(`${name}, ${way}: ${wanted}`, async () => {
          const world = await startWorld({}, kind);
          expect(await ask(world, await prepare(world))).toBe(wanted);
        });
      }
    }

    for (const [way, refused, ask] of WAYS) {
      test(`used ten times at once, ${way}: one is let in`, async () => {
        const world = await startWorld({}, kind);
        const ticket = await world.ticketOf("bob");
        const answers = await Promise.all(Array.from({ length: 10 }, () => ask(world, ticket)));
        expect(answers.sort()).toEqual(["101 joined", ...Array(9).fill(refused)].sort());
      });
    }

    test("it counts, and not the cookie beside it", async () => {
      const world = await startWorld({}, kind);
      const cookie = world.cookieOf("bob");
      const ticket = await world.ticketOf("carol");
      const headers = { cookie, origin: world.url };
      expect(await joinBySocket(world.url, headers, `?ticket=${ticket}`)).toBe("101 not_found");
      expect(await joinBySocket(world.url, headers, `?ticket=${ticket}`)).toBe("401 not_signed_in");
    });

    test("it opens sockets and nothing else", async () => {
      const world = await startWorld({}, kind);
      const ticket = await world.ticketOf("bob");
      for (const path of ["/boards/board-1", "/boards/board-1/events", "/boards/board-1/poll"]) {
        expect(await answerOf(`${world.url}${path}?after=8&ticket=${ticket}`, {})).toBe("401 not_signed_in");
        const headers = { authorization: `Bearer ${ticket}`, cookie: `session=${ticket}` };
        expect(await answerOf(`${world.url}${path}?after=8`, { headers })).toBe("401 not_signed_in");
      }
    });
  });
}

describe("the Origin of a request", () => {
  const ORIGINS: Record<string, [(url: string) => string | undefined, boolean]> = {
    own: [(url) => url, true],
    evil: [() => "https://evil.example", false],
    null: [() => "null", false],
    empty: [() => "", false],
    "with our host as a suffix": [(url) => url.replace("127.0.0.1", "evil127.0.0.1"), false],
    "with our host as a prefix": [(url) => `${url}.evil.example`, false],
    "on another port": [() => "http://127.0.0.1:1", false],
    "without our port": [() => "http://127.0.0.1", false],
    "of another scheme": [(url) => url.replace("http:", "https:"), false],
    "in capitals": [(url) => url.replace("http:", "HTTP:"), false],
    "with a path": [(url) => `${url}/`, false],
    "that is two": [(url) => `${url} https://evil.example`, false],
  };

  for (const [name, [originOf, isGood]] of Object.entries(ORIGINS)) {
    test(`${name}: ${isGood ? "let in" : "403 foreign_origin"}, on every transport`, async () => {
      const world = await startWorld();
      const cookie = world.cookieOf("bob");
      const headers = { cookie, origin: originOf(world.url) ?? "" };
      for (const [transport, ask] of Object.entries(TRANSPORTS)) {
        const wanted = expected(transport, isGood ? "200" : "403 foreign_origin");
        expect([transport, await ask(world, headers)]).toEqual([transport, wanted]);
      }
      const ticket = `?ticket=${await getTicket(world.url, cookie)}`;
      const byTicket = await joinBySocket(world.url, { origin: headers.origin }, ticket);
      expect(byTicket).toBe(isGood ? "101 joined" : "403 foreign_origin");
    });
  }

  test("missing: refused beside a cookie at an upgrade, and let in elsewhere", async () => {
    const world = await startWorld();
    const cookie = world.cookieOf("bob");
    expect(await joinBySocket(world.url, { cookie })).toBe("403 foreign_origin");
    const ticket = await getTicket(world.url, cookie);
    expect(await joinBySocket(world.url, {}, `?ticket=${ticket}`)).toBe("101 joined");
    for (const [transport, ask] of Object.entries(TRANSPORTS)) {
      if (!transport.startsWith("a socket")) expect(await ask(world, { cookie })).toBe("200");
    }
  });

  test("where a proxy stands in front, the origin is that of the proxy, and the cookie is for TLS alone", async () => {
    const publicOrigin = "https://board.example.com";
    const world = await startWorld({ publicOrigin });
    const cookie = world.cookieOf("bob");
    expect(cookie).toMatch(/^__Host-session=/);
    const at = (origin: string) => joinBySocket(world.url, { cookie, origin });
    expect(await at(publicOrigin)).toBe("101 joined");
    expect(await at(world.url)).toBe("403 foreign_origin");
    expect(await at("http://board.example.com")).toBe("403 foreign_origin");
  });
});

test("a ticket that expires while it is checked is not good, used or not", async () => {
  let now = Date.now();
  const tickets = createSignedTickets(KEY, 10_000, () => now);
  const ticket = await tickets.issue("a session");
  const redeeming = tickets.redeem(ticket);
  now += 10_000;
  expect(await redeeming).toBeUndefined();
  expect(() => createSignedTickets(new Uint8Array(31))).toThrow("at least 32 bytes");
});

test("a ticket of one server is worth nothing on another", async () => {
  const { database } = demoBoard();
  const [one, other] = [createApp({ database }), createApp({ database })];
  const { session } = one.auth.sessions.create("bob");
  expect(other.auth.sessions.get(session.id)).toEqual(session); // they share the sessions
  const ticket = await one.auth.tickets.issue(session.id);
  expect(await other.auth.redeem(ticket)).toBeUndefined();
});

test("two who come at once do not get each other's sockets", async () => {
  const world = await startWorld();
  const users = ["alice", "bob", "carol"];
  const cookies = users.map(world.cookieOf);
  const clients = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const ticket = await getTicket(world.url, cookies[index % 3] ?? "");
      return askForSocket(world.url, {}, `?ticket=${ticket}`);
    }),
  );
  for (const client of clients) client.say({ type: "auth", ticket: "x" });
  for (const [index, client] of clients.entries()) {
    await until("the answer", () => client.of("error").length === 1);
    expect(client.of("error")[0].message).toBe(`You are ${users[index % 3]} already.`);
  }
  onTestFinished(() => {
    for (const client of clients) client.socket.terminate();
  });
});
