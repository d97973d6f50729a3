import { expect, test } from "vitest";
import { NO_FILTER } from "./filter.ts";
import { cardAddresses, hrefOf, parseRoute, type Route } from "./routes.ts";

function parse(href: string): Route {
  const { pathname, search } = new URL(href, "http://board.test");
  return parseRoute({ pathname, search });
}

test("every page has an address, and the address shows the page", () => {
  const pages: Exclude<Route, { view: "missing" }>[] = [
    { view: "boards" },
    { view: "settings" },
    { view: "sign-in", next: "/" },
    { view: "sign-in", next: "/b/board-1/c/task-1?label=a%26b" },
    { view: "sign-in", next: "/", isNew: true },
    { view: "sign-in", next: "/invite/x", isNew: true },
    { view: "invite", token: "a/b c" },
    { view: "board", boardId: "board-1", taskId: undefined, filter: NO_FILTER },
    {
      view: "board",
      boardId: "board-1",
      taskId: "task-1",
      filter: { ...NO_FILTER, text: "a b", due: "soon" },
    },
  ];
  for (const page of pages) expect(parse(hrefOf(page))).toEqual(page);
});

test("an unknown address is a missing page", () => {
  for (const href of [
    "/c",
    "/b",
    "/b/",
    "/b/x/c",
    "/b/x/c/",
    "/b/x/c/y/z",
    "/settings/x",
    "/invite",
    "/sign-in/x",
  ]) {
    expect(parse(href), href).toEqual({ view: "missing" });
  }
});

test("a malformed escape is no crash", () => {
  expect(parseRoute({ pathname: "/b/%E0%A4%A", search: "" })).toMatchObject({ view: "board" });
});

test("signing in never leads to another site", () => {
  for (const next of [
    "//evil.test",
    "https://evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "javascript:alert(1)",
  ]) {
    expect(parse(`/sign-in?next=${encodeURIComponent(next)}`), next).toEqual({ view: "sign-in", next: "/" });
  }
});

test("a card's address is the same, made alone or with all others", () => {
  const filter = { ...NO_FILTER, label: "a b" };
  const href = hrefOf({ view: "board", boardId: "b/1", taskId: "t 1", filter });
  expect(cardAddresses("b/1", filter)("t 1")).toBe(href);
});
