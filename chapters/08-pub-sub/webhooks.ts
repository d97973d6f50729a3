// A consumer: other programs that want to hear of a board's events. Each has its own place in the log.
import { createHmac, randomUUID } from "node:crypto";
import type { Boards } from "../../shared/board.ts";
import type { Database } from "../../shared/database.ts";
import { Refusal } from "../../shared/refusal.ts";
import { createBackoff } from "../07-reconnection/backoff.ts";
import { postPublicly } from "./public-request.ts";

export interface WebhookSettings {
  /** Private and loopback targets are allowed. @default false */
  readonly allowPrivate?: boolean;
  /** How long one delivery may take, in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
  /** The first wait after a failure is at most this, in milliseconds. @default 1000 */
  readonly minRetryMs?: number;
  /** And no wait is longer than this. In milliseconds. @default 300000 */
  readonly maxRetryMs?: number;
  /** After so many failures in a row a hook is disabled. @default 300, which takes half a day */
  readonly maxFailures?: number;
  /** Whether it is this process that delivers, where there are several. @default yes */
  readonly mayDeliver?: () => boolean;
}

export interface Webhook {
  readonly id: string;
  readonly boardId: string;
  readonly url: string;
  /** The last seq that was delivered. */
  readonly cursor: number;
  /** In a row. */
  readonly failures: number;
  /** ISO 8601; null while it is in use. */
  readonly disabledAt: string | null;
}

type WebhookRow = Omit<Webhook, "disabledAt"> & {
  readonly secret: string;
  readonly disabledAt: number | null;
};

const MAX_OF_BOARD = 10;
const COLUMNS = "id, board_id AS boardId, url, secret, cursor, failures, disabled_at AS disabledAt";

export function createWebhooks(database: Database, boards: Boards, settings: WebhookSettings = {}) {
  const { allowPrivate = false, timeoutMs = 10_000, minRetryMs = 1_000, maxRetryMs = 300_000 } = settings;
  const { maxFailures = 300, mayDeliver = () => true } = settings;
  const ofBoard = database.prepare<[string], WebhookRow>(
    `SELECT ${COLUMNS} FROM webhooks WHERE board_id = ?`,
  );
  const byId = database.prepare<[string], WebhookRow>(`SELECT ${COLUMNS} FROM webhooks WHERE id = ?`);
  const unfinished = database
    .prepare<[], string>("SELECT DISTINCT board_id FROM webhooks WHERE disabled_at IS NULL")
    .pluck() as { all(): string[] };
  const insert = database.prepare(
    "INSERT INTO webhooks (id, board_id, url, secret, cursor, created_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM webhooks WHERE id = ? AND board_id = ?");
  const succeed = database.prepare("UPDATE webhooks SET cursor = max(cursor, ?), failures = 0 WHERE id = ?");
  const fail = database.prepare("UPDATE webhooks SET failures = failures + 1 WHERE id = ?");
  const enable = database.prepare(
    "UPDATE webhooks SET disabled_at = NULL, failures = 0 WHERE id = ? AND board_id = ?",
  );
  const disable = database.prepare("UPDATE webhooks SET disabled_at = ? WHERE id = ?");
  /** The hooks that are being delivered to, or wait for their next attempt. */
  const active = new Map<string, AbortController>();
  let isClosed = false;

  /** There is something new on a board. */
  function deliver(boardId: string): void {
    if (isClosed || !mayDeliver()) return;
    for (const { id, disabledAt } of ofBoard.all(boardId)) {
      // One at a time, so that they arrive in order. Whoever is at it finds the new event at the end of the log.
      if (disabledAt !== null || active.has(id)) continue;
      const stopping = new AbortController();
      active.set(id, stopping);
      deliverAll(id, stopping.signal)
        .catch((error) => {
          console.error(error);
          setTimeout(deliver, maxRetryMs, boardId).unref();
        })
        .finally(() => {
          if (active.get(id) === stopping) active.delete(id);
        });
    }
  }

  /** Everything after the hook's cursor, one by one. */
  async function deliverAll(id: string, signal: AbortSignal): Promise<void> {
    const newBackoff = () => createBackoff({ minMs: minRetryMs, maxMs: maxRetryMs });
    let backoff = newBackoff();
    while (!signal.aborted && mayDeliver()) {
      const hook = byId.get(id);
      if (!hook || hook.disabledAt !== null) return;
      const next = nextFor(hook);
      if (!next) {
        // In the same turn as the last look at the log: an event that comes after it begins a new delivery.
        active.delete(id);
        return;
      }
      const status = await post(hook, next.seq, next.body, signal);
      if (signal.aborted) return;
      if (status >= 200 && status < 300) {
        succeed.run(next.seq, id);
        backoff = newBackoff();
        continue;
      }
      fail.run(id);
      // 410 is how a receiver says that it does not want any more.
      if (status === 410 || hook.failures + 1 >= maxFailures) {
        disable.run(Date.now(), id);
        return;
      }
      await pause(backoff.next(), signal);
    }
  }

  /** The next event; or, when the log does not reach back that far, one word that says so. */
  function nextFor({ boardId, cursor }: WebhookRow): { seq: number; body: string } | undefined {
    const page = boards.eventsAfter(boardId, { seq: cursor }, 1);
    if (!(page instanceof Refusal)) {
      const [event] = page.events;
      return event && { seq: event.seq, body: JSON.stringify(event) };
    }
    const head = boards.head(boardId);
    if (head instanceof Refusal) return undefined;
    return {
      seq: head.seq,
      body: JSON.stringify({ type: "reset", boardId, reason: page.message, seq: head.seq }),
    };
  }

  /** @returns the status; 0 for no answer */
  async function post(
    { id, url, secret }: WebhookRow,
    seq: number,
    body: string,
    signal: AbortSignal,
  ): Promise<number> {
    const headers = { "content-type": "application/json", ...signatureOf(secret, `${id}:${seq}`, body) };
    return postPublicly({ url, body, headers, timeoutMs, allowPrivate, signal }).catch(() => 0);
  }

  return {
    allowPrivate,
    deliver,

    /** Goes on where the last process has stopped. */
    start(): void {
      for (const boardId of unfinished.all()) deliver(boardId);
    },

    /** Stops trying. What was not acknowledged is sent again after the next start. */
    close(): void {
      isClosed = true;
      for (const stopping of active.values()) stopping.abort();
    },

    /** Hears of what happens from now on. Refusals: `not_found`, `forbidden` when the board has too many. */
    add(boardId: string, { url, secret }: { url: string; secret: string }): Webhook | Refusal {
      const head = boards.head(boardId);
      if (head instanceof Refusal) return head;
      if (ofBoard.all(boardId).length >= MAX_OF_BOARD) {
        return new Refusal("forbidden", `A board has at most ${MAX_OF_BOARD} webhooks.`);
      }
      const id = randomUUID();
      insert.run(id, boardId, url, secret, head.seq, Date.now());
      return toWebhook(byId.get(id) as WebhookRow);
    },

    list: (boardId: string) => ofBoard.all(boardId).map(toWebhook),

    /** A hook that was disabled goes on where it was. @returns whether there is one */
    enable(boardId: string, id: string): boolean {
      const { changes } = enable.run(id, boardId);
      deliver(boardId);
      return changes > 0;
    },

    /** @returns whether there was one */
    remove(boardId: string, id: string): boolean {
      const { changes } = remove.run(id, boardId);
      if (changes > 0) active.get(id)?.abort();
      return changes > 0;
    },

    /** How many hooks are being delivered to. */
    get active(): number {
      return active.size;
    },
  };
}

/**
 * The headers by which a receiver knows that it is us, and that it is not an old message that somebody sends again.
 * @see https://www.standardwebhooks.com
 */
export function signatureOf(secret: string | Uint8Array, id: string, body: string, nowMs = Date.now()) {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

/** As its board's owners may see it: the secret is never shown again. */
function toWebhook({ secret: _, disabledAt, ...hook }: WebhookRow): Webhook {
  return { ...hook, disabledAt: disabledAt === null ? null : new Date(disabledAt).toISOString() };
}
