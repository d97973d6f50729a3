import { cors, route, setup } from "@hectoday/http";
import { describe, expect, test } from "vitest";

function appWith(options: Parameters<typeof cors>[0]) {
  const { preflight, headers } = cors(options);
  return setup({
    routes: [preflight(route), route.get("/", { resolve: () => new Response("hello") })],
    onResponse: ({ request, response }) => headers(request, response),
  });
}

const PREFLIGHT = {
  method: "OPTIONS",
  headers: {
    origin: "https://a.example",
    "access-control-request-method": "PATCH",
    "access-control-request-headers": "x-user, content-type",
  },
};

describe("cors", () => {
  test("an allowed origin gets the headers, once, on preflights and on answers", async () => {
    const app = appWith({
      origin: ["https://a.example", "https://b.example"],
      credentials: true,
      exposeHeaders: ["etag"],
      maxAge: 600,
    });
    const preflight = await app.request("/anything", PREFLIGHT);
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toEqual({
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
      "access-control-allow-headers": "x-user, content-type",
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Headers",
    });
    const answer = await app.request("/", { headers: { origin: "https://b.example" } });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://b.example");
    expect(answer.headers.get("access-control-expose-headers")).toBe("etag");
    expect(answer.headers.get("vary")).toBe("Origin");
    expect(await answer.text()).toBe("hello");
  });

  test("another origin, and no origin, get none, but caches are told", async () => {
    const app = appWith({ origin: "https://a.example" });
    for (const headers of [{ origin: "https://evil.example" }, {}]) {
      const answer = await app.request("/", { headers: headers as Record<string, string> });
      expect(answer.headers.has("access-control-allow-origin")).toBe(false);
      expect(answer.headers.get("vary")).toBe("Origin");
    }
  });

  test('a plain "*" does not vary by origin', async () => {
    const answer = await appWith({ origin: "*" }).request("/", { headers: { origin: "https://x.example" } });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.has("vary")).toBe(false);
  });

  test("a configuration that cannot work is refused with a sentence that says why", () => {
    expect(() => cors({ origin: "*", credentials: true })).toThrow(/refused by every browser/);
    expect(() => cors({ origin: [] })).toThrow(/nobody could be allowed/);
    expect(() => cors({ origin: "" })).toThrow(/empty string/);
  });
});
