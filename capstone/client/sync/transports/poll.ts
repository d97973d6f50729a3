// Follows a board by asking again and again: gets through wherever requests do.
import { AWAY, type Connection, type End, type FollowOptions, type Transport } from "./transport.ts";
import { askForUpdates } from "./updates.ts";

export interface PollSettings {
  /** The time between two questions, on average, in milliseconds. @default 2000 */
  readonly intervalMs?: number;
  /** How long an answer may take, in milliseconds. @default 10000 */
  readonly answerWithinMs?: number;
}

export function pollTransport({ intervalMs = 2_000, answerWithinMs = 10_000 }: PollSettings = {}): Transport {
  function open(options: FollowOptions): Connection {
    const { boardId, cursor } = options;
    const stopping = new AbortController();
    let isOver = false;
    let isAsking = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** An ETag belongs to one address, and the address changes with the cursor. */
    let known: { readonly seq: number; readonly etag: string | undefined } | undefined;

    function end(why: End): void {
      if (isOver) return;
      close();
      options.onEnd(why);
    }

    function close(): void {
      isOver = true;
      clearTimeout(timer);
      stopping.abort();
    }

    function ask(): void {
      clearTimeout(timer);
      if (isAsking || isOver) return;
      isAsking = true;
      askOnce()
        .catch(() => end(AWAY))
        .finally(() => {
          isAsking = false;
        });
    }

    async function askOnce(): Promise<void> {
      const before = cursor();
      const etag = known?.seq === before.seq ? known.etag : undefined;
      const rest = { route: "updates", etag, signal: stopping.signal, withinMs: answerWithinMs } as const;
      const page = await askForUpdates(options, { boardId, cursor: before, ...rest });
      if (isOver) return;
      if ("kind" in page) return end(page);
      if (page.events.length > 0) options.onEvents(page.events, before.epoch);
      else known = { seq: before.seq, etag: page.etag };
      if (page.events.length > 0 && cursor().seq <= before.seq) return end(AWAY);
      if (isOver) return;
      // A timer may run as rarely as once a minute in a page that nobody sees.
      options.onAlive(intervalMs * 2 + answerWithinMs);
      if (!page.more) options.onLive();
      // Jitter: clients that were started together drift apart.
      timer = setTimeout(ask, page.more ? 0 : intervalMs * (0.9 + 0.2 * Math.random()));
    }

    ask();
    return { close, probe: ask };
  }

  return { name: "poll", open };
}
