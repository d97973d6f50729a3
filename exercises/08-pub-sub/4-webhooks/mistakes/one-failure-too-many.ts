// The hook is disabled one failure too late: a receiver that is gone is asked once more than was promised.
// Fails: after so many failures in a row the hook is disabled, after fewer it is not
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: Read again when the hook is disabled. What does your comparison say when both sides are equal?
import { createHmac, timingSafeEqual } from "node:crypto";
import type { BoardEvent } from "../../../../shared/events.ts";
import type { DeliveryOptions, Headers } from "../exercise.ts";

const TOLERANCE_SECONDS = 300;

export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  const signed = `${id}.${timestamp}.${body}`;
  return `v1,${createHmac("sha256", secret).update(signed).digest("base64")}`;
}

export function isSigned(secret: string, headers: Headers, body: string, nowSeconds: number): boolean {
  const {
    "webhook-id": id = "",
    "webhook-timestamp": timestamp = "",
    "webhook-signature": signature = "",
  } = headers;
  const sentAt = Number(timestamp);
  if (!(Math.abs(nowSeconds - sentAt) <= TOLERANCE_SECONDS)) return false;
  const given = Buffer.from(signature);
  const expected = Buffer.from(signatureOf(secret, id, sentAt, body));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export function createDelivery(options: DeliveryOptions) {
  const { hook, eventAfter, post, now, retryMs, maxFailures } = options;
  let isActive = false;

  function deliver(): void {
    if (isActive || hook.isDisabled) return;
    const event = eventAfter(hook.cursor);
    if (!event) return;
    isActive = true;
    void attempt(event);
  }

  async function attempt(event: BoardEvent): Promise<void> {
    const status = await send(event).catch(() => 0);
    const isDelivered = status >= 200 && status < 300;
    if (isDelivered) {
      hook.cursor = event.seq;
      hook.failures = 0;
    } else {
      hook.failures += 1;
      hook.isDisabled = status === 410 || hook.failures > maxFailures;
    }
    if (isDelivered || hook.isDisabled) goOn();
    else setTimeout(goOn, retryMs);
  }

  function goOn(): void {
    isActive = false;
    deliver();
  }

  function send(event: BoardEvent): Promise<number> {
    const id = `${hook.id}:${event.seq}`;
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
