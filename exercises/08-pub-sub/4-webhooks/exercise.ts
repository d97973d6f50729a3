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
  // TODO: Sign the id, the timestamp and the body.
  return `v1,${createHmac("sha256", secret).update(body).digest("base64")}`;
}

/**
 * Whether a message was sent by somebody who knows the secret, and not long ago. It never throws.
 * @param headers their names are in lower case
 * @param body as it came
 */
export function isSigned(secret: string, headers: Headers, body: string, nowSeconds: number): boolean {
  // TODO: Compare the signature and the time.
  return headers["webhook-signature"] !== undefined;
}

/** Posts what the log has after the hook's cursor. */
export function createDelivery({ hook, eventAfter, post }: DeliveryOptions) {
  function deliver(): void {
    // TODO: Post one event after another, and each again until it has arrived.
    const event = eventAfter(hook.cursor);
    if (!event) return;
    hook.cursor = event.seq;
    post(hook.url, {}, JSON.stringify(event)).catch(() => {});
  }

  return { deliver };
}
