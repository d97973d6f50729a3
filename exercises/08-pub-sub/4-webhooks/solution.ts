import { createHmac, timingSafeEqual } from "node:crypto";
import type { BoardEvent } from "../../../shared/events.ts";

/** Stands for the hook's row in the database: whoever changes a field has stored it. */
export interface Hook {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  /** The last seq that was delivered. */
  cursor: number;
  /** In a row. */
  failures: number;
  isDisabled: boolean;
}

export type Headers = Readonly<Record<string, string>>;

export interface DeliveryOptions {
  readonly hook: Hook;
  /** The event of the log that follows a seq, if there is one yet. */
  readonly eventAfter: (seq: number) => BoardEvent | undefined;
  /** @returns the status of the answer; rejects when there is none */
  readonly post: (url: string, headers: Headers, body: string) => Promise<number>;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** How long to wait after a failure, in milliseconds. */
  readonly retryMs: number;
  /** After so many failures in a row the hook is disabled. */
  readonly maxFailures: number;
}

/** How far a message's timestamp may be away from the receiver's clock, in seconds. */
const TOLERANCE_SECONDS = 300;

/**
 * @param timestamp in seconds since 1970
 * @param body the text that is sent, byte by byte
 */
export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  const signed = `${id}.${timestamp}.${body}`;
  return `v1,${createHmac("sha256", secret).update(signed).digest("base64")}`;
}

/**
 * Whether a message was sent by somebody who knows the secret, and not long ago. It never throws.
 * @param headers their names are in lower case
 * @param body as it came
 */
export function isSigned(secret: string, headers: Headers, body: string, nowSeconds: number): boolean {
  const {
    "webhook-id": id = "",
    "webhook-timestamp": timestamp = "",
    "webhook-signature": signature = "",
  } = headers;
  const sentAt = Number(timestamp);
  // A clock that goes ahead is no reason to believe a message for longer: both directions count.
  if (!(Math.abs(nowSeconds - sentAt) <= TOLERANCE_SECONDS)) return false;
  const given = Buffer.from(signature);
  const expected = Buffer.from(signatureOf(secret, id, sentAt, body));
  // timingSafeEqual throws when the lengths differ, and they are no secret.
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Posts what the log has after the hook's cursor. */
export function createDelivery(options: DeliveryOptions) {
  const { hook, eventAfter, post, now, retryMs, maxFailures } = options;
  let isActive = false;

  function deliver(): void {
    // One at a time, so that they arrive in order. Whoever is at it finds the new event in the log.
    if (isActive || hook.isDisabled) return;
    const event = eventAfter(hook.cursor);
    if (!event) return;
    isActive = true;
    void attempt(event);
  }

  async function attempt(event: BoardEvent): Promise<void> {
    // No answer is a failure like any other.
    const status = await send(event).catch(() => 0);
    const isDelivered = status >= 200 && status < 300;
    if (isDelivered) {
      // Not before: if this process ends while it waits, the next one has to send it again.
      hook.cursor = event.seq;
      hook.failures = 0;
    } else {
      hook.failures += 1;
      // 410 is how a receiver says that it does not want any more.
      hook.isDisabled = status === 410 || hook.failures >= maxFailures;
    }
    if (isDelivered || hook.isDisabled) goOn();
    else setTimeout(goOn, retryMs);
  }

  /** To the next event; or, since the cursor has not moved, to the same one. */
  function goOn(): void {
    isActive = false;
    deliver();
  }

  function send(event: BoardEvent): Promise<number> {
    // The same in each attempt: by it the receiver knows that it has the event already.
    const id = `${hook.id}:${event.seq}`;
    // Of this attempt: a receiver does not believe an old one.
    const timestamp = Math.floor(now() / 1_000);
    const body = JSON.stringify(event);
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatureOf(hook.secret, id, timestamp, body),
    };
    return post(hook.url, headers, body);
  }

  return { deliver };
}
