import { expect, test } from "vitest";
import { createSecurityHeaders, pagePolicy } from "./security-headers.ts";
import { openCapstone } from "./testing/people.ts";

test("a page may load what is ours, and nothing else; and nobody may frame it", async () => {
  const { nobody } = await openCapstone();
  const { headers } = await nobody.ask("GET", "/docs", undefined, { host: "localhost:3000" });
  expect(headers.get("content-security-policy")?.split("; ")).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self' ws://localhost:3000",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]);
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(headers.get("permissions-policy")).toContain("camera=()");
  expect(headers.get("strict-transport-security")).toBeNull();
});

test("every answer is what it says it is, and is kept by nobody", async () => {
  const { nobody, signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  const answers = [
    await alice.ask("GET", "/boards"),
    await alice.ask("DELETE", "/tasks/task-1"),
    await nobody.ask("GET", "/boards"),
    await nobody.ask("GET", "/nowhere"),
    await nobody.ask("POST", "/session", "{"),
  ];
  for (const { headers, said } of answers) {
    expect(headers.get("x-content-type-options"), said).toBe("nosniff");
    expect(headers.get("content-security-policy"), said).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get("cache-control"), said).toBe("no-store");
    expect(headers.get("referrer-policy"), said).toBe("same-origin");
    expect(headers.get("x-request-id"), said).toMatch(/^[\w-]{36}$/);
  }
});

test("over TLS browsers are told to stay there", async () => {
  const { nobody } = await openCapstone({ publicOrigin: "https://board.example.com" });
  const { headers } = await nobody.ask("GET", "/docs", undefined, { host: "board.example.com" });
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  expect(headers.get("content-security-policy")).toContain("connect-src 'self' wss://board.example.com;");
});

test("what is no host does not get into the policy", () => {
  expect(pagePolicy("x; script-src *", false)).toContain("connect-src 'self';");
  expect(pagePolicy("[::1]:3000", false)).toContain("connect-src 'self' ws://[::1]:3000;");
});

test("a service worker may fetch what is ours; and what a browser has kept keeps its policy", () => {
  const secure = createSecurityHeaders({ isHttps: false });
  const request = new Request("http://localhost:3000/sw.js");
  const script = new Response("", { headers: { "content-type": "text/javascript; charset=utf-8" } });
  secure(request, script);
  expect(script.headers.get("content-security-policy")).toContain("connect-src 'self'");
  const unchanged = new Response(null, { status: 304 });
  secure(request, unchanged);
  expect(unchanged.headers.get("content-security-policy")).toBeNull();
  expect(unchanged.headers.get("x-content-type-options")).toBe("nosniff");
});
