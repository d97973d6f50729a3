import type { Connect } from "../../shared/web/connect.ts";

/** How long to wait between two questions, on average, in milliseconds. */
const INTERVAL_MS = 2_000;

/** An answer that takes longer than this is not coming, in milliseconds: a connection can die without a word. */
const ANSWER_WITHIN_MS = 10_000;

export const connect: Connect = (boardId, cursor, onEvents, onState) => {
  const stopping = new AbortController();
  let { seq } = cursor;
  let etag: string | null = null;
  let isAsking = false;
  let timer: ReturnType<typeof setTimeout>;

  async function poll(): Promise<void> {
    clearTimeout(timer);
    // Nobody sees a hidden tab: it asks again when it is shown.
    if (isAsking || document.hidden) return;
    isAsking = true;
    const next = await ask().catch(() => "waiting" as const);
    isAsking = false;
    if (stopping.signal.aborted) return;
    if (next === "reset") return onState("reset");
    onState(next === "waiting" ? "waiting" : "live");
    // Jitter: clients that were started together drift apart instead of asking together for ever.
    timer = setTimeout(poll, next === "more" ? 0 : INTERVAL_MS * (0.9 + 0.2 * Math.random()));
  }

  async function ask(): Promise<"more" | "live" | "waiting" | "reset"> {
    const response = await fetch(
      `/boards/${encodeURIComponent(boardId)}/updates?after=${cursor.epoch}:${seq}`,
      {
        headers: etag === null ? {} : { "if-none-match": etag },
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      },
    );
    if (response.status === 304) return "live";
    if (response.status === 410) return "reset";
    if (!response.ok) return "waiting";
    const page = await response.json();
    // An ETag belongs to one URL, and the URL changes with the cursor.
    etag = page.seq === seq ? response.headers.get("etag") : null;
    seq = page.seq;
    if (page.events.length > 0) onEvents(page.events);
    return page.more ? "more" : "live";
  }

  document.addEventListener("visibilitychange", poll, { signal: stopping.signal });
  poll();
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
};
