import { describe, expect, test } from "vitest";
import { openCapstone } from "../testing/people.ts";
import { isLoopbackHost } from "./demo.ts";

describe("the demo", () => {
  test("signs in with one click, on this machine", async () => {
    const { nobody } = await openCapstone();
    expect((await nobody.ask("GET", "/demo-users")).body).toEqual([
      { userId: "alice", name: "Alice" },
      { userId: "bob", name: "Bob" },
      { userId: "carol", name: "Carol" },
    ]);
    for (const host of ["localhost:3000", "bob.localhost", "127.0.0.1:3000", "[::1]:3000"]) {
      const answer = await nobody.ask("POST", "/session/demo", { userId: "bob" }, { host });
      expect(answer.body, host).toMatchObject({ userId: "bob", name: "Bob" });
      expect(answer.headers.getSetCookie()).toHaveLength(1);
    }
  });

  test("is not there for other names of this machine, nor behind a proxy", async () => {
    const { nobody } = await openCapstone();
    const elsewhere = [
      { host: "board.example.com" },
      { host: "localhost.example.com" },
      { host: "192.168.0.5:3000" },
      { host: "localhost", "x-forwarded-for": "203.0.113.5" },
      { host: "localhost", forwarded: "for=203.0.113.5" },
      { host: "localhost", "x-forwarded-proto": "https" },
      { host: "localhost", "cf-connecting-ip": "203.0.113.5" },
      { host: "localhost", "true-client-ip": "203.0.113.5" },
    ];
    for (const headers of elsewhere) {
      expect((await nobody.ask("GET", "/demo-users", undefined, headers)).said).toBe("404 not_found");
      const clicked = await nobody.ask("POST", "/session/demo", { userId: "bob" }, headers);
      expect(clicked.said).toBe("404 not_found");
      const typed = await nobody.ask("POST", "/session", { userId: "bob", password: "demo" }, headers);
      expect(typed.said, "the password that everybody knows").toBe("401 wrong_credentials");
    }
  });

  test("is not there where it is off, and its passwords open nothing", async () => {
    const { nobody } = await openCapstone({ isDemo: false });
    expect((await nobody.ask("GET", "/demo-users")).said).toBe("404 not_found");
    expect((await nobody.ask("POST", "/session/demo", { userId: "bob" })).said).toBe("404 not_found");
    expect((await nobody.ask("POST", "/session", { userId: "bob", password: "demo" })).said).toBe(
      "401 wrong_credentials",
    );
  });

  test("signs in nobody but its own users", async () => {
    const { nobody } = await openCapstone();
    expect((await nobody.ask("POST", "/session/demo", { userId: "dave" })).said).toBe("404 not_found");
    expect((await nobody.ask("POST", "/session/demo", { userId: "nobody" })).said).toBe("404 not_found");
  });
});

test("names of this machine", () => {
  for (const host of ["localhost", "LOCALHOST:1", "a.b.localhost:3000", "127.0.0.1", "[::1]"]) {
    expect(isLoopbackHost(host), host).toBe(true);
  }
  for (const host of [
    null,
    "",
    "localhost.",
    "xlocalhost",
    "127.0.0.1.example",
    "127.0.0.2",
    "::1",
    "[::2]",
  ]) {
    expect(isLoopbackHost(host), String(host)).toBe(false);
  }
});
