import { group, route, setup } from "@hectoday/http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";

afterEach(() => vi.restoreAllMocks());

const echo = (c: { input: unknown }) => Response.json(c.input);

describe("matching", () => {
  const app = setup({
    routes: group([
      route.get("/users/:id", { resolve: echo }),
      route.get("/files/**:path", { resolve: echo }),
      route.all("/any", { resolve: ({ request }) => new Response(request.method) }),
      route.delete("/users/:id", { resolve: () => new Response(null, { status: 204 }) }),
    ]),
  });

  test("names params, decodes them, and matches wildcards", async () => {
    expect(await (await app.request("/users/a%20b")).json()).toMatchObject({ params: { id: "a b" } });
    expect(await (await app.request("/files/a/b.txt")).json()).toMatchObject({ params: { path: "a/b.txt" } });
  });

  test("`all` matches every method", async () => {
    expect(await (await app.request("/any", { method: "PATCH" })).text()).toBe("PATCH");
  });

  test("a HEAD without its own route is answered by the route that GET finds, also beside an `all`", async () => {
    const heads = setup({
      routes: [
        route.get("/both", { resolve: () => new Response("get") }),
        route.all("/both", { resolve: () => new Response("all", { status: 418 }) }),
        route.all("/**", { resolve: () => new Response("any", { status: 404 }) }),
        route.get("/own", { resolve: () => new Response("get") }),
        route.head("/own", { resolve: () => new Response(null, { status: 204 }) }),
      ],
    });
    const status = async (path: string) => (await heads.request(path, { method: "HEAD" })).status;
    expect([await status("/both"), await status("/own"), await status("/else")]).toEqual([200, 204, 404]);
  });

  test("no such path and no such method are both 404", async () => {
    for (const response of [
      await app.request("/nowhere"),
      await app.request("/users/1", { method: "POST" }),
    ]) {
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: "Not Found" });
    }
  });

  test("`routes` is the very array that was passed in", () => {
    const routes = [route.get("/", { resolve: echo })];
    expect(setup({ routes }).routes).toBe(routes);
    expect(group(routes)).toBe(routes);
  });
});

describe("input", () => {
  const app = setup({
    routes: [
      route.get("/query", { resolve: echo }),
      route.get("/items/:id", {
        request: { params: z.object({ id: z.string() }), query: z.object({ n: z.coerce.number().int() }) },
        resolve: echo,
      }),
      route.post("/items/:id", {
        request: {
          params: z.object({ id: z.string().max(3) }),
          query: z.object({ n: z.coerce.number() }),
          body: z.object({ title: z.string(), author: z.object({ name: z.string() }) }),
        },
        resolve: echo,
      }),
      route.post("/optional", { request: { body: z.object({}).optional() }, resolve: echo }),
      route.post("/unread", { resolve: async ({ request }) => new Response(await request.text()) }),
      route.post("/frozen", { resolve: (c) => Response.json(Object.isFrozen(c)) }),
    ],
    maxBodyBytes: 1000,
  });

  test("a query: spaces, repeated keys, keys without =, empty pairs", async () => {
    const { query } = await (await app.request("/query?a=1+2%203&b=x&b=y&c&&d=")).json();
    expect(query).toEqual({ a: "1 2 3", b: ["x", "y"], c: "", d: "" });
  });

  test("a query has no prototype: __proto__ is a key like any other", async () => {
    const body = await (await app.request("/query?__proto__=x&toString=y")).text();
    expect(
      JSON.parse(body, (key, value) => (key === "__proto__" ? `own:${value}` : value)).query,
    ).toBeDefined();
    expect(body).toContain('"__proto__":"x"');
    expect(body).toContain('"toString":"y"');
  });

  test("every part's issues are collected", async () => {
    const response = await app.request("/items/long-id?n=x", { method: "POST", body: { author: {} } });
    const input = await response.json();
    expect(input.ok).toBe(false);
    expect(input.failed).toEqual(["params", "query", "body"]);
    expect(
      input.issues.map((issue: { part: string; path: string[] }) => [issue.part, ...issue.path]),
    ).toEqual([
      ["params", "id"],
      ["query", "n"],
      ["body", "title"],
      ["body", "author", "name"],
    ]);
  });

  test("a body that is not JSON is one issue", async () => {
    const request = new Request("http://localhost/optional", { method: "POST", body: "{" });
    const input = await (await app.fetch(request)).json();
    expect(input.issues).toEqual([
      { part: "body", path: [], message: "The body is not valid JSON", code: "invalid_json" },
    ]);
  });

  test("an empty body is undefined to the schema, so an optional one is accepted", async () => {
    expect((await (await app.request("/optional", { method: "POST" })).json()).ok).toBe(true);
    const blank = new Request("http://localhost/optional", { method: "POST", body: "" });
    expect((await (await app.fetch(blank)).json()).ok).toBe(true);
  });

  test("without a body schema the body is left for the route to read", async () => {
    const response = await app.request("/unread", { method: "POST", body: [1] });
    expect(await response.text()).toBe("[1]");
  });

  test("the context is frozen", async () => {
    expect(await (await app.request("/frozen", { method: "POST" })).json()).toBe(true);
  });

  test("a malformed percent-escape in the path or the query is bad input, not a server error", async () => {
    for (const [path, part] of [
      ["/items/%zz?n=1", "params"],
      ["/items/1?n=%", "query"],
      ["/query?%ff=1", "query"],
      ["/items/%C3?n=1", "params"],
    ] as const) {
      const response = await app.request(path);
      const input = await response.json();
      expect(response.status, path).toBe(200); // the route itself answered: nothing threw
      expect(input.ok, path).toBe(false);
      expect(input.issues[0], path).toMatchObject({ part, code: "invalid_escape" });
    }
  });

  test("a body over the limit is refused while it is being read", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(100));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const request = new Request("http://localhost/optional", {
      method: "POST",
      body: endless,
      duplex: "half",
    } as RequestInit);
    const input = await (await app.fetch(request)).json();
    expect(input.issues).toEqual([
      { part: "body", path: [], message: "The body is larger than 1000 bytes", code: "body_too_large" },
    ]);
    expect(cancelled).toBe(true);
    expect(pulled).toBeLessThan(200); // 16 times the limit is read and thrown away, for clients that listen late
  });

  test("a declared length far over the limit is refused without reading", async () => {
    let read = false;
    const body = new ReadableStream(
      {
        pull: () => {
          read = true;
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request("http://localhost/optional", {
      method: "POST",
      headers: { "content-length": "100000" },
      body,
      duplex: "half",
    } as RequestInit);
    const input = await (await app.fetch(request)).json();
    expect(input.issues[0].code).toBe("body_too_large");
    expect(read).toBe(false);
  });

  test("a body of exactly the limit is read, split inside a character or not", async () => {
    const text = JSON.stringify("é".repeat(499)); // 2 quotes and 998 bytes
    const bytes = new TextEncoder().encode(text);
    expect(bytes.length).toBe(1000);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, 4));
        controller.enqueue(bytes.slice(4));
        controller.close();
      },
    });
    const strict = setup({
      routes: [route.post("/", { request: { body: z.string() }, resolve: echo })],
      maxBodyBytes: 1000,
    });
    const request = new Request("http://localhost/", { method: "POST", body, duplex: "half" } as RequestInit);
    expect((await (await strict.fetch(request)).json()).body).toBe("é".repeat(499));
  });
});

describe("hooks", () => {
  test("locals go from onRequest to resolve and onResponse; env is passed through", async () => {
    const app = setup({
      routes: [route.get("/", { resolve: (c) => Response.json({ locals: c.locals, env: c.env }) })],
      onRequest: ({ env }) => ({ user: "alice", sameEnv: env === "env" }),
      onResponse: ({ response, locals }) => {
        response.headers.set("x-user", locals.user);
        return response;
      },
    });
    const response = await app.fetch(new Request("http://localhost/"), "env");
    expect(await response.json()).toEqual({ locals: { user: "alice", sameEnv: true }, env: "env" });
    expect(response.headers.get("x-user")).toBe("alice");
  });

  test("onResponse sees 404s and errors too", async () => {
    const seen: number[] = [];
    vi.spyOn(console, "error").mockImplementation(() => {});
    const app = setup({
      routes: [
        route.get("/throws", {
          resolve: () => {
            throw new Error("boom");
          },
        }),
      ],
      onResponse: ({ response }) => {
        seen.push(response.status);
        return response;
      },
    });
    await app.request("/throws");
    await app.request("/nowhere");
    expect(seen).toEqual([500, 404]);
  });

  test("a thrown Response is sent as it is; a thrown value reaches onError as an Error", async () => {
    const errors: Error[] = [];
    const app = setup({
      routes: [
        route.get("/response", {
          resolve: () => {
            throw new Response("teapot", { status: 418 });
          },
        }),
        route.get("/string", {
          resolve: () => {
            throw "a string";
          },
        }),
      ],
      onError: ({ error }) => {
        errors.push(error);
        return new Response(null, { status: 503 });
      },
    });
    expect((await app.request("/response")).status).toBe(418);
    expect((await app.request("/string")).status).toBe(503);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(Error);
    expect(errors[0]?.message).toBe("a string");
  });

  test("a throw in onRequest or onNotFound is answered by onError", async () => {
    const onError = () => new Response(null, { status: 500, headers: { "x-handled": "yes" } });
    const fail = () => {
      throw new Error("boom");
    };
    const inRequest = setup({ routes: [], onRequest: fail, onError });
    const inNotFound = setup({ routes: [], onNotFound: fail, onError });
    expect((await inRequest.request("/")).headers.get("x-handled")).toBe("yes");
    expect((await inNotFound.request("/")).headers.get("x-handled")).toBe("yes");
  });

  test("whatever is thrown, and whatever a hook forgets, there is an answer", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const routes = [
      route.get("/", {
        resolve: () => {
          throw Object.create(null);
        },
      }),
    ];
    expect((await setup({ routes }).request("/")).status).toBe(500);
    const forgetful = setup({ routes, onError: () => undefined as unknown as Response });
    expect((await forgetful.request("/", { method: "HEAD" })).status).toBe(500);
    const silent = setup({ routes: [], onResponse: () => undefined as unknown as Response });
    expect((await silent.request("/")).status).toBe(404);
  });

  test("a route that forgets to return is a 500 that names the route", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const app = setup({ routes: [route.get("/oops", { resolve: () => undefined as unknown as Response })] });
    expect((await app.request("/oops")).status).toBe(500);
    expect(String(report.mock.calls[0]?.[0])).toContain("GET /oops");
  });

  test("an onError or onResponse that throws is reported, and the caller still gets an answer", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const app = setup({
      routes: [
        route.get("/ok", { resolve: () => new Response("fine") }),
        route.get("/throws", {
          resolve: () => {
            throw new Error("first");
          },
        }),
      ],
      onError: () => {
        throw new Error("second");
      },
      onResponse: () => {
        throw new Error("third");
      },
    });
    expect(await (await app.request("/ok")).text()).toBe("fine");
    expect(report).toHaveBeenCalledTimes(1);
    const response = await app.request("/throws");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: "Internal Server Error" });
    const reported = report.mock.calls.flat().map(String).join("\n");
    for (const message of ["first", "second", "third"]) expect(reported).toContain(message);
  });
});

describe("streams", () => {
  function streamApp() {
    const events = { cancelled: 0 };
    const app = setup({
      routes: [
        route.get("/stream", {
          resolve: () =>
            new Response(
              new ReadableStream({
                pull: (controller) => controller.enqueue(new Uint8Array(64)),
                cancel: () => {
                  events.cancelled += 1;
                },
              }),
              { headers: { "content-type": "text/event-stream" } },
            ),
        }),
      ],
      onResponse: ({ response }) => response,
    });
    return { app, events };
  }

  test("a HEAD on a stream route cancels the stream that GET made", async () => {
    const { app, events } = streamApp();
    const response = await app.request("/stream", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.body).toBeNull();
    expect(events.cancelled).toBe(1);
  });

  test("a HEAD has no body, even if onResponse makes one", async () => {
    const app = setup({ routes: [], onResponse: () => new Response("BODY") });
    expect(await (await app.request("/", { method: "HEAD" })).text()).toBe("");
  });

  test("a stream that onResponse replaces is cancelled; one that it passes on is not", async () => {
    const { app, events } = streamApp();
    const passedOn = setup({
      routes: app.routes,
      onResponse: ({ response }) => new Response(response.body, { headers: { "x-wrapped": "yes" } }),
    });
    const kept = await passedOn.request("/stream");
    expect(events.cancelled).toBe(0);
    await kept.body?.cancel();
    expect(events.cancelled).toBe(1);

    const replacing = setup({ routes: app.routes, onResponse: () => new Response("instead") });
    expect(await (await replacing.request("/stream")).text()).toBe("instead");
    expect(events.cancelled).toBe(2);
  });
});

describe("app.request", () => {
  const app = setup({
    routes: [
      route.all("/", {
        resolve: async ({ request }) =>
          Response.json({
            method: request.method,
            query: new URL(request.url).search,
            type: request.headers.get("content-type"),
            body: await request.text(),
          }),
      }),
    ],
  });

  test("encodes the body, repeats query keys, and leaves a given content-type alone", async () => {
    const sent = await app.request("/?x=0", {
      method: "POST",
      body: { a: 1 },
      query: { tag: ["a", "b"], q: "c d" },
    });
    expect(await sent.json()).toEqual({
      method: "POST",
      query: "?x=0&tag=a&tag=b&q=c+d",
      type: "application/json",
      body: '{"a":1}',
    });
    const typed = await app.request("/", { method: "PUT", body: 1, headers: { "Content-Type": "text/x" } });
    expect((await typed.json()).type).toBe("text/x");
    expect((await (await app.request("/")).json()).method).toBe("GET");
    expect((await (await app.request("/", { method: "patch" })).json()).method).toBe("PATCH");
    await expect(app.request("/", { body: 1 })).rejects.toThrow(/GET/);
  });
});
