// Asking for the events after a cursor: what polling does all the time, and every other transport to know that it is up to date.
import type { BoardEvent, Cursor } from "../../../board/events.ts";
import type { Server } from "../requests.ts";
import { endOf } from "./refused.ts";
import { AWAY, type End } from "./transport.ts";

export interface UpdatesPage {
  readonly events: readonly BoardEvent[];
  /** Whether the log goes on after them. */
  readonly more: boolean;
  /** Of the answer to this question. */
  readonly etag: string | undefined;
}

export interface Question {
  readonly boardId: string;
  readonly cursor: Cursor;
  /** `updates` answers at once, `poll` when something has happened. */
  readonly route: "updates" | "poll";
  /** Of the last answer to the same question. */
  readonly etag?: string | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** An answer that takes longer is not coming, in milliseconds. */
  readonly withinMs: number;
}

const NOTHING_NEW: UpdatesPage = { events: [], more: false, etag: undefined };

/** @returns an `End` instead of throwing, whatever goes wrong */
export async function askForUpdates(server: Server, question: Question): Promise<UpdatesPage | End> {
  const { boardId, cursor, route, etag, signal, withinMs } = question;
  const after = `${cursor.epoch}:${cursor.seq}`;
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, withinMs);
  signal.addEventListener("abort", abort);
  try {
    const response = await server.fetch(
      `${server.baseUrl}/boards/${encodeURIComponent(boardId)}/${route}?after=${after}`,
      {
        // With the browser's cache in between, two tabs with the same question would wait for each other.
        cache: "no-store",
        headers: etag === undefined ? {} : { "if-none-match": etag },
        signal: controller.signal,
      },
    );
    if (response.status === 204) return NOTHING_NEW;
    if (response.status === 304) return { ...NOTHING_NEW, etag };
    if (!response.ok) return endOf(response) ?? AWAY;
    const { events, more = false } = (await response.json()) as { events: BoardEvent[]; more?: boolean };
    return { events, more, etag: response.headers.get("etag") ?? undefined };
  } catch {
    return { kind: "away", unreachable: true };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/**
 * Asks until the log has nothing more. Each page is handed over before the next question, which is about what comes after it.
 * @returns undefined when the log's end was reached
 */
export async function catchUp(
  server: Server,
  question: Omit<Question, "cursor" | "route" | "etag"> & { cursor(): Cursor },
  onPage: (events: readonly BoardEvent[], epoch: string) => void,
): Promise<End | undefined> {
  for (;;) {
    const cursor = question.cursor();
    const page = await askForUpdates(server, { ...question, cursor, route: "updates" });
    if (question.signal.aborted) return AWAY;
    if ("kind" in page) return page;
    if (page.events.length > 0) onPage(page.events, cursor.epoch);
    if (!page.more) return undefined;
    // What was handed over was not taken: asking again would go on for ever.
    if (question.cursor().seq <= cursor.seq) return AWAY;
  }
}
