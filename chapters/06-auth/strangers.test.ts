import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { openRawSocket, rawFrame } from "../../shared/testing/raw-socket.ts";
import { askForSocket } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { type AppOptions, createApp } from "./app.ts";
import { addressKey, createRateLimit } from "./rate-limit.ts";
import { createRegisterFirst } from "./register-first.ts";
import { createTickets } from "./tickets.ts";

async function startBoard(options: Partial<AppOptions> = {}) {
  const { database, boards } = demoBoard();
  const app = createApp({ database, ...options });
  const { url, port } = await startServer(app, { graceMs: 100 });
  const cookieOf = (userId: string) => `session=${app.auth.sessions.create(userId).token}`;
  const rename = (title: string) =>
    fetch(`${url}/tasks/task-1`, {
      method: "PATCH",
      headers: { "content-type": "application/json", cookie: cookieOf("alice") },
      body: JSON.stringify({ title }),
    });
  return { app, boards, url, port, cookieOf, rename };
}

describe("a socket that has not said who it is", () => {
  test("registered first and looked at afterwards, a stranger hears what is said in between", async () => {
    let answer: (isGood: boolean) => void = () => {};
    const sockets = createRegisterFirst(() => new Promise((resolve) => (answer = resolve)));
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    server.on("upgrade", sockets.upgrade);
    await until("the server", () => server.listening);
    const { port } = server.address() as { port: number };
    const stranger = new WebSocket(`ws://127.0.0.1:${port}/?ticket=forged`);
    const heard: string[] = [];
    stranger.on("message", (data) => heard.push(String(data)));
    await until("the socket", () => sockets.size === 1);
    sockets.publish("for members only");
    answer(false);
    await new Promise((resolve) => stranger.on("close", resolve));
    expect(heard).toEqual(["for members only"]);
  });

  test("here it hears nothing, whatever it asks for, and is shown the door in time", async () => {
    const { url, rename, app } = await startBoard({ socketSettings: { authWithinMs: 300 } });
    const client = await askForSocket(url, {}, "?auth=message");
    expect(client.status).toBe(101);
    await rename("For members only");
    await until("the close", () => client.closed.code);
    expect(client.closed).toEqual({ code: 4401, reason: "no ticket has come" });
    expect(client.messages.map(({ type }) => type)).toEqual(["hello"]);
    expect(app.auth.permissions.size).toBe(0);
  });

  test("anything but a ticket ends it at once", async () => {
    const { port } = await startBoard();
    for (const message of ['{"type":"join","boardId":"board-1"}', '{"type":"ping"}']) {
      const raw = openRawSocket(port, {}, "/ws?auth=message");
      raw.tcp.write(rawFrame({ payload: message }));
      await until("the close", () => raw.closeCode);
      expect(raw.closeCode).toBe(4401);
      expect(raw.texts).toHaveLength(1); // hello
    }
  });

  test("who does not wait for the answer to the ticket is not let in", async () => {
    let redeem: (sessionId: string | undefined) => void = () => {};
    const tickets = createTickets();
    const { port, app } = await startBoard({
      tickets: { ...tickets, redeem: () => new Promise((resolve) => (redeem = resolve)) },
    });
    const raw = openRawSocket(port, {}, "/ws?auth=message");
    raw.tcp.write(rawFrame({ payload: '{"type":"auth","ticket":"x"}' }));
    raw.tcp.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
    await until("the close", () => raw.closeCode);
    expect(raw.closeCode).toBe(4401);
    redeem(app.auth.sessions.create("bob").session.id);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(raw.texts).toHaveLength(1);
    expect(app.auth.permissions.size).toBe(0);
  });

  test("an address cannot open very many of them", async () => {
    const { url } = await startBoard();
    const clients = await Promise.all(
      Array.from({ length: 30 }, () => askForSocket(url, {}, "?auth=message")),
    );
    const refused = clients.filter(({ status }) => status === 429);
    expect(clients.length - refused.length).toBeGreaterThanOrEqual(20);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]?.refusal).toBe("too_many");
  });
});

describe("limits", () => {
  test("a bucket: a burst at once, then so many a second, and every key has its own", () => {
    let now = 0;
    const limit = createRateLimit({ burst: 3, perSecond: 2 }, () => now);
    const take = (key = "bob") => limit.take(key);
    expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 500]);
    expect(take("alice")).toBe(0);
    now += 499;
    expect(take()).toBe(1);
    now += 1;
    expect([take(), take()]).toEqual([0, 500]);
    now += 60_000;
    expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 500]); // never more than the burst
  });

  test("whoever has a full bucket again is forgotten", () => {
    let now = 0;
    const limit = createRateLimit({ burst: 10, perSecond: 1 }, () => now);
    for (let each = 0; each < 10_000; each += 1) limit.take(`address ${each}`);
    expect(limit.size).toBe(10_000);
    now += 10_000;
    limit.take("one more");
    expect(limit.size).toBe(1);
  });

  test("an IPv6 network counts as one address", () => {
    expect(addressKey("127.0.0.1")).toBe("127.0.0.1");
    expect(addressKey("::ffff:127.0.0.1")).toBe("127.0.0.1");
    expect(addressKey("2001:db8:1:2:aaaa::1")).toBe("2001:db8:1:2::/64");
    expect(addressKey("2001:db8:1:2:bbbb:cc:dd:ee")).toBe("2001:db8:1:2::/64");
    expect(addressKey("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(addressKey("::1")).toBe("0:0:0:0::/64");
    expect(addressKey(undefined)).toBe("");
  });

  test("who tries passwords is stopped, by user and by address, and told how long", async () => {
    const { app } = await startBoard({
      limits: { signInsOfUser: { burst: 2, perSecond: 0.1 }, signInsOfAddress: { burst: 3, perSecond: 0.2 } },
    });
    const attempt = async (userId: string, password = "wrong") => {
      const response = await app.request("/session", { method: "POST", body: { userId, password } });
      return `${response.status} ${response.headers.get("retry-after") ?? ""}`.trim();
    };
    expect(await attempt("bob")).toBe("401");
    expect(await attempt("bob")).toBe("401");
    expect(await attempt("bob", "demo")).toMatch(/^429 ([89]|10)$/); // the right one does not help any more
    expect(await attempt("alice")).toBe("401");
    expect(await attempt("carol")).toMatch(/^429 [345]$/); // nor does another name
  });

  test("an address that is refused uses up nothing of the user whose name it tries", async () => {
    const { app } = await startBoard({
      limits: { signInsOfUser: { burst: 2, perSecond: 0.1 }, signInsOfAddress: { burst: 1, perSecond: 0.1 } },
    });
    // Without a server there is no address, and all requests of this test have the same one.
    const { signIns } = app.auth;
    expect([
      await signIns("bob", "attacker"),
      (await signIns("bob", "attacker")) > 0,
      (await signIns("bob", "attacker")) > 0,
    ]).toEqual([0, true, true]);
    expect(await signIns("bob", "home")).toBe(0);
  });

  test("passwords are looked at in turns, and a long queue is turned away", async () => {
    const { createTurns } = await import("./turns.ts");
    const turns = createTurns(2, 3);
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return "done";
    };
    const results = await Promise.all(Array.from({ length: 8 }, () => turns.take(work)));
    expect([
      most,
      results.filter(Boolean).length,
      results.filter((each) => each === undefined).length,
    ]).toEqual([2, 5, 3]);
    await expect(turns.take(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await Promise.all([turns.take(work), turns.take(work), turns.take(work)])).toEqual(
      Array(3).fill("done"),
    );
  });

  test("messages are counted for the user: a new socket, and another transport, is no new allowance", async () => {
    const { url, cookieOf, app } = await startBoard({
      limits: { messagesOfUser: { burst: 10, perSecond: 0.1 } },
    });
    const headers = { cookie: cookieOf("bob"), origin: url };
    const flood = async () => {
      const client = await askForSocket(url, headers);
      for (let each = 0; each < 11; each += 1) client.say({ type: "ping" });
      await until("the close", () => client.closed.code);
      return [client.closed.code, client.of("pong").length];
    };
    expect(await flood()).toEqual([4013, 10]);
    expect(await flood()).toEqual([4013, 0]);
    const change = (cookie: string) =>
      app.request("/tasks/task-1", { method: "PATCH", body: { title: "x" }, headers: { cookie } });
    const refused = await change(headers.cookie);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([
      429,
      expect.stringMatching(/^([89]|10)$/),
    ]);
    expect((await change(cookieOf("alice"))).status).toBe(200); // others are not concerned
    expect((await app.request("/boards/board-1", { headers: { cookie: headers.cookie } })).status).toBe(200);
  });
});
