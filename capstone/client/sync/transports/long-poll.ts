// Follows a board by questions that stay open until something happens.
import { AWAY, type Connection, type End, type FollowOptions, type Transport } from "./transport.ts";
import { askForUpdates, catchUp } from "./updates.ts";

export interface LongPollSettings {
  /** An answer that takes longer is not coming: the server answers within 25 s. In milliseconds. @default 40000 */
  readonly maxWaitMs?: number;
  /** How long the short question may take that comes first, in milliseconds. @default 10000 */
  readonly answerWithinMs?: number;
}

export function longPollTransport({
  maxWaitMs = 40_000,
  answerWithinMs = 10_000,
}: LongPollSettings = {}): Transport {
  function open(options: FollowOptions): Connection {
    const { boardId, cursor, onEvents, onAlive } = options;
    const stopping = new AbortController();
    /** Of the open question: when somebody wants to know now, it is given up for a short one. */
    let waiting = new AbortController();
    let isOver = false;

    function end(why: End): void {
      if (isOver) return;
      close();
      options.onEnd(why);
    }

    function close(): void {
      isOver = true;
      stopping.abort();
      waiting.abort();
    }

    async function follow(): Promise<void> {
      while (!isOver) {
        // An open question says nothing until something happens. The short one tells at once whether the server is there.
        const question = { boardId, cursor, signal: stopping.signal, withinMs: answerWithinMs };
        const why = await catchUp(options, question, onEvents);
        if (isOver) return;
        if (why) return end(why);
        onAlive(maxWaitMs);
        options.onLive();
        await wait();
      }
    }

    /** One open question after the other, until somebody wants to know now. */
    async function wait(): Promise<void> {
      waiting = new AbortController();
      while (!isOver && !waiting.signal.aborted) {
        const before = cursor();
        const question = {
          boardId,
          cursor: before,
          route: "poll",
          signal: waiting.signal,
          withinMs: maxWaitMs,
        } as const;
        const page = await askForUpdates(options, question);
        if (isOver || waiting.signal.aborted) return;
        if ("kind" in page) return end(page);
        onAlive(maxWaitMs);
        if (page.events.length === 0) continue;
        onEvents(page.events, before.epoch);
        if (cursor().seq <= before.seq) return end(AWAY); // they were not taken, and would come again at once
      }
    }

    follow().catch(() => end(AWAY));
    return { close, probe: () => waiting.abort() };
  }

  return { name: "long-poll", open };
}
