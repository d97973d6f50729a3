// The page's address as a signal, over the History API.
import { computed, signal } from "@preact/signals";
import { hrefOf, parseRoute, type Route } from "./routes.ts";

const address = signal({ pathname: "/", search: "" });

export const route = computed<Route>(() => parseRoute(address.value));

/** How many addresses this page has put on the history: only then does "back" stay here. */
let depth = 0;

/** Follows the history, and links within the site. */
export function startRouter(): void {
  read();
  depth = (history.state as { depth?: number } | null)?.depth ?? 0;
  addEventListener("popstate", () => {
    depth = (history.state as { depth?: number } | null)?.depth ?? 0;
    read();
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("a");
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || link.hasAttribute("data-reload")) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

export function go(href: string | Exclude<Route, { view: "missing" }>): void {
  depth += 1;
  history.pushState({ depth }, "", typeof href === "string" ? href : hrefOf(href));
  read();
}

/** Without a new entry in the history. */
export function replace(href: string | Exclude<Route, { view: "missing" }>): void {
  history.replaceState({ depth }, "", typeof href === "string" ? href : hrefOf(href));
  read();
}

/** Back to where the user came from, if that was here; else to `fallback`. */
export function goBack(fallback: Exclude<Route, { view: "missing" }>): void {
  if (depth > 0) history.back();
  else replace(fallback);
}

function read(): void {
  const { pathname, search } = location;
  address.value = { pathname, search };
}
