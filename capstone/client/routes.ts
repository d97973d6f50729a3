// What an address shows, and the other way round.
import { type Filter, parseFilter, queryOf } from "./filter.ts";

export type Route =
  | { readonly view: "boards" }
  /** `next`: where to go afterwards. `isNew`: somebody without an account. */
  | { readonly view: "sign-in"; readonly next: string; readonly isNew?: true }
  | { readonly view: "settings" }
  | { readonly view: "invite"; readonly token: string }
  | {
      readonly view: "board";
      readonly boardId: string;
      readonly taskId: string | undefined;
      readonly filter: Filter;
    }
  | { readonly view: "missing" };

export function parseRoute({ pathname, search }: { pathname: string; search: string }): Route {
  const [first = "", second, third, fourth, ...rest] = pathname.split("/").slice(1).map(decoded);
  if (first === "" && second === undefined) return { view: "boards" };
  if (first === "sign-in" && second === undefined) {
    const query = new URLSearchParams(search);
    return { view: "sign-in", next: safeNext(query.get("next")), ...(query.has("new") && { isNew: true }) };
  }
  if (first === "settings" && second === undefined) return { view: "settings" };
  if (first === "invite" && second && third === undefined) return { view: "invite", token: second };
  if (first === "b" && second && rest.length === 0) {
    const board = { view: "board", boardId: second, filter: parseFilter(search) } as const;
    if (third === undefined) return { ...board, taskId: undefined };
    if (third === "c" && fourth) return { ...board, taskId: fourth };
  }
  return { view: "missing" };
}

export function hrefOf(route: Exclude<Route, { view: "missing" }>): string {
  switch (route.view) {
    case "boards":
      return "/";
    case "sign-in": {
      const parts = [route.isNew && "new", route.next !== "/" && `next=${encodeURIComponent(route.next)}`];
      const query = parts.filter(Boolean).join("&");
      return query === "" ? "/sign-in" : `/sign-in?${query}`;
    }
    case "settings":
      return "/settings";
    case "invite":
      return `/invite/${encodeURIComponent(route.token)}`;
    case "board": {
      const card = route.taskId === undefined ? "" : `/c/${encodeURIComponent(route.taskId)}`;
      return `/b/${encodeURIComponent(route.boardId)}${card}${queryOf(route.filter)}`;
    }
  }
}

/** The addresses of a board's cards: made for a thousand of them at once. */
export function cardAddresses(boardId: string, filter: Filter): (taskId: string) => string {
  const start = `/b/${encodeURIComponent(boardId)}/c/`;
  const end = queryOf(filter);
  return (taskId) => start + encodeURIComponent(taskId) + end;
}

/** A path on this site: a link to the sign-in page must not send anybody elsewhere. */
function safeNext(next: string | null): string {
  // A browser leaves out tabs and line breaks: what is "/<tab>/elsewhere" here would be "//elsewhere" to it.
  return next !== null && /^\/(?![/\\])\P{Cc}*$/u.test(next) ? next : "/";
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
