// Grows ../../chapters/08-pub-sub/webhooks.ts: the same consumer of an asynchronous store.
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createBackoff } from "../../chapters/07-reconnection/backoff.ts";
import { postPublicly } from "../../chapters/08-pub-sub/public-request.ts";
import { signatureOf, type WebhookSettings } from "../../chapters/08-pub-sub/webhooks.ts";
import { Refusal } from "../../shared/refusal.ts";
import type { Store, Webhook } from "./store/store.ts";

export interface WebhookOptions extends WebhookSettings {
  readonly store: Store;
  /** Is told of every attempt: the status of its answer, 0 for none. */
  readonly onAttempt?: (status: number) => void;
  readonly onError?: (error: unknown) => void;
}

export type Webhooks = ReturnType<typeof createWebhooks>;

/** A hook that is being delivered to, or waits for its next attempt. */
interface Delivery {
  readonly stopping: AbortController;
  /** There may be something behind what was read last. */
  hasMore: boolean;
}

export function createWebhooks(options: WebhookOptions) {
  const { store, allowPrivate = false, timeoutMs = 10_000, minRetryMs = 1_000 } = options;
  const { maxRetryMs = 300_000, maxFailures = 300, mayDeliver = () => true } = options;
  const { onAttempt = () => {}, onError = console.error } = options;
  const active = new Map<string, Delivery>();
  let isClosed = false;

  /** There is something new on a board. Resolves when its hooks know it, not when they are told. */
  async function deliver(boardId: string): Promise<void> {
    if (isClosed || !mayDeliver()) return;
    try {
      for (const { id, disabledAt } of await store.webhooksOf(boardId)) {
        if (disabledAt === null) begin(id);
      }
    } catch (error) {
      if (isClosed) return;
      onError(error);
      setTimeout(deliver, maxRetryMs, boardId).unref();
    }
  }

  /** One at a time, so that they arrive in order. Whoever is at it reads on. */
  function begin(id: string): void {
    const current = active.get(id);
    if (current) current.hasMore = true;
    if (current || isClosed) return;
    const delivery: Delivery = { stopping: new AbortController(), hasMore: true };
    active.set(id, delivery);
    deliverAll(id, delivery)
      .catch((error) => {
        if (isClosed) return;
        onError(error);
        setTimeout(begin, maxRetryMs, id).unref();
      })
      .finally(() => {
        if (active.get(id) === delivery) active.delete(id);
      });
  }

  /** Everything after the hook's cursor, one by one. */
  async function deliverAll(id: string, delivery: Delivery): Promise<void> {
    const { signal } = delivery.stopping;
    const newBackoff = () => createBackoff({ minMs: minRetryMs, maxMs: maxRetryMs });
    let backoff = newBackoff();
    while (!signal.aborted && mayDeliver()) {
      // Before the log is read: what is committed while it is read is seen, or asks for another look.
      delivery.hasMore = false;
      const hook = await store.webhook(id);
      if (!hook || hook.disabledAt !== null) return;
      const next = await nextFor(hook);
      if (!next) {
        if (delivery.hasMore) continue;
        // In the same turn as the question above: an event that comes after it begins a new delivery.
        active.delete(id);
        return;
      }
      const status = await post(hook, next.seq, next.body, signal);
      if (signal.aborted) return;
      onAttempt(status);
      if (status >= 200 && status < 300) {
        await store.updateWebhook(id, { cursor: next.seq, failures: 0 });
        backoff = newBackoff();
        continue;
      }
      const failures = hook.failures + 1;
      // 410 is how a receiver says that it does not want any more.
      const isOver = status === 410 || failures >= maxFailures;
      await store.updateWebhook(id, { failures, ...(isOver && { disabledAt: Date.now() }) });
      if (isOver) return;
      // Ended early, it rejects; the loop looks at the signal by itself.
      await pause(backoff.next(), undefined, { signal }).catch(() => {});
    }
  }

  /** The next event; or, when the log does not reach back that far, one word that says so. */
  async function nextFor({ boardId, cursor }: Webhook): Promise<{ seq: number; body: string } | undefined> {
    const page = await store.eventsAfter(boardId, { seq: cursor }, 1);
    if (!(page instanceof Refusal)) {
      const [event] = page.events;
      return event && { seq: event.seq, body: JSON.stringify(event) };
    }
    const head = await store.head(boardId);
    if (!head) return undefined;
    const reset = { type: "reset", boardId, reason: page.message, seq: head.seq };
    return { seq: head.seq, body: JSON.stringify(reset) };
  }

  /** @returns the status; 0 for no answer */
  function post(
    { id, url, secret }: Webhook,
    seq: number,
    body: string,
    signal: AbortSignal,
  ): Promise<number> {
    const headers = {
      "content-type": "application/json",
      ...signatureOf(keyIn(secret), `${id}:${seq}`, body),
    };
    return postPublicly({ url, body, headers, timeoutMs, allowPrivate, signal }).catch(() => 0);
  }

  return {
    allowPrivate,
    deliver,

    /** Goes on where the last process, or another node, has stopped. */
    async start(): Promise<void> {
      if (isClosed || !mayDeliver()) return;
      try {
        for (const boardId of await store.boardsWithWebhooks()) await deliver(boardId);
      } catch (error) {
        if (!isClosed) onError(error);
      }
    },

    /** Stops trying. What was not acknowledged is sent again after the next start. */
    close(): void {
      isClosed = true;
      for (const { stopping } of active.values()) stopping.abort();
    },

    /** Hears of what happens from now on. */
    add: (boardId: string, target: { url: string; secret: string }) =>
      store.createWebhook({ id: randomUUID(), boardId, ...target }),

    /** A hook that was disabled goes on where it was. @returns whether there is one */
    async enable(boardId: string, id: string): Promise<boolean> {
      const hook = await store.webhook(id);
      if (hook?.boardId !== boardId) return false;
      await store.updateWebhook(id, { disabledAt: null, failures: 0 });
      begin(id);
      return true;
    },

    /** @returns whether there was one */
    async remove(boardId: string, id: string): Promise<boolean> {
      const wasThere = await store.deleteWebhook(boardId, id);
      if (wasThere) active.get(id)?.stopping.abort();
      return wasThere;
    },

    /** How many hooks are being delivered to. */
    get active(): number {
      return active.size;
    },
  };
}

/** A secret of one's own is its text. One in the form of Standard Webhooks is the bytes that its letters stand for. */
function keyIn(secret: string): string | Uint8Array {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), "base64") : secret;
}

const PREFIX = "whsec_";

/** 256 random bits, in the form that the libraries of https://www.standardwebhooks.com take. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString("base64");
}
