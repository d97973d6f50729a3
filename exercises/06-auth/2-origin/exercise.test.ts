import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { isAllowedOrigin, type OriginHeaders, type OriginRules } from "./exercise.ts";

const HOST = "course.localhost:3001";
const RULES: OriginRules = { scheme: "http", allowed: ["https://board.example.com"] };

function ask(log: Log, headers: OriginHeaders, rules = RULES): boolean {
  const isAllowed = isAllowedOrigin(headers, rules);
  log(`Host: ${headers.host}, Origin: ${headers.origin}: ${isAllowed ? "allowed" : "refused"}`);
  return isAllowed;
}

/** Those that were let in, so that a failing test shows them. */
function letIn(log: Log, origins: string[]): string[] {
  return origins.filter((origin) => ask(log, { host: HOST, origin }));
}

test("the server's own pages and the allowed ones are let in, others are not", ({ log }) => {
  const pages = ["http://course.localhost:3001", "https://board.example.com", "https://evil.example"];
  expect(letIn(log, pages), "the pages that were let in").toEqual(pages.slice(0, 2));
});

test("a page that has nearly the right name is a stranger", ({ log }) => {
  const strangers = [
    "https://board.example.com.evil.example",
    "https://evil-board.example.com",
    "https://evil.board.example.com",
    "https://board-example.com",
    "http://course.localhost:30011",
  ];
  expect(letIn(log, strangers), "the strangers that were let in").toEqual([]);
});

test("a page of another port is a stranger", ({ log }) => {
  const strangers = ["http://course.localhost:4000", "https://board.example.com:8443"];
  expect(letIn(log, strangers), "the strangers that were let in").toEqual([]);
});

test("a page of another scheme is a stranger", ({ log }) => {
  const strangers = ["https://course.localhost:3001", "http://board.example.com"];
  expect(letIn(log, strangers), "the strangers that were let in").toEqual([]);
});

test("a request without an Origin is refused", ({ log }) => {
  expect(ask(log, { host: HOST, origin: undefined }), "whether it was allowed").toBe(false);
});

test("null is nobody's origin", ({ log }) => {
  const rules: OriginRules = { scheme: "http", allowed: ["file:///home/bob/board.html"] };
  expect(ask(log, { host: HOST, origin: "null" }, rules), "whether it was allowed").toBe(false);
});

test("a request without a Host has no page of its own", ({ log }) => {
  const headers = { host: undefined, origin: "http://undefined" };
  expect(ask(log, headers), "whether it was allowed").toBe(false);
});

test("what people have written means the origin that browsers send", ({ log }) => {
  const hosts = ["Course.Example.com", "course.example.com:443"];
  const settings = [
    "https://Board.Example.com",
    "https://board.example.com:443",
    "https://board.example.com/",
  ];
  const refused = [
    ...hosts.filter((host) => {
      const rules: OriginRules = { scheme: "https", allowed: [] };
      return !ask(log, { host, origin: "https://course.example.com" }, rules);
    }),
    ...settings.filter((setting) => {
      log(`allowed: ${setting}`);
      const rules: OriginRules = { scheme: "https", allowed: [setting] };
      return !ask(log, { host: "course.example.com", origin: "https://board.example.com" }, rules);
    }),
  ];
  expect(refused, "the ways to write a Host or a setting with which the page was refused").toEqual([]);
});

test("what is no origin is refused, and does not throw", ({ log }) => {
  const requests = ["", "http://", "course.localhost:3001", "%"].map((origin) => ({ host: HOST, origin }));
  requests.push({ host: "a b", origin: "https://evil.example" }, { host: "a b", origin: "%" });
  const answers = requests.map(({ host, origin }) => {
    try {
      return `Host: ${host}, Origin: ${origin}: ${ask(log, { host, origin }) ? "allowed" : "refused"}`;
    } catch {
      return `Host: ${host}, Origin: ${origin}: an error`;
    }
  });
  expect(answers, "what came of each request").toEqual([
    "Host: course.localhost:3001, Origin: : refused",
    "Host: course.localhost:3001, Origin: http://: refused",
    "Host: course.localhost:3001, Origin: course.localhost:3001: refused",
    "Host: course.localhost:3001, Origin: %: refused",
    "Host: a b, Origin: https://evil.example: refused",
    "Host: a b, Origin: %: refused",
  ]);
});
