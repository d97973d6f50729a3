import type { Connect } from "../../shared/web/connect.ts";

/** An answer that takes longer than this is not coming: the server answers within 25 s. In milliseconds. */
const ANSWER_WITHIN_MS = 40_000;

/** How long to wait after a failure, on average, in milliseconds. Chapter 07 does better. */
const RETRY_MS = 1_000;

export const connect: Connect = (boardId, cursor, onEvents, onState) => {
  const stopping = new AbortController();
  let { seq } = cursor;
  let isSure = false;

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Nobody sees a hidden tab: it asks again when it is shown.
      while (document.hidden) await nextVisibilityChange(stopping.signal);
      const next = await ask().catch(() => "waiting" as const);
      if (stopping.signal.aborted) return;
      onState(next);
      if (next === "reset") return;
      isSure = next === "live";
      // Jitter: when a server comes back, its clients should not come back in the same instant.
      if (!isSure) await pause(RETRY_MS * (0.5 + Math.random()));
    }
  }

  async function ask(): Promise<"live" | "waiting" | "reset"> {
    // A long poll says nothing until something happens. Before the first answer, and after a failure, the short
    // one tells at once whether the server is there.
    const route = isSure ? "poll" : "updates";
    const response = await fetch(
      `/boards/${encodeURIComponent(boardId)}/${route}?after=${cursor.epoch}:${seq}`,
      {
        // Two tabs ask for the same URL. With the browser's cache in between, the second would wait for the first.
        cache: "no-store",
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      },
    );
    if (response.status === 204) return "live";
    if (response.status === 410) return "reset";
    if (!response.ok) return "waiting";
    const page = await response.json();
    seq = page.seq;
    if (page.events.length > 0) onEvents(page.events);
    return "live";
  }

  follow();
  return () => stopping.abort();
};

function nextVisibilityChange(signal: AbortSignal): Promise<void> {
  // After `stop` it never resolves, and the loop ends where it is.
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(), { once: true, signal });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
