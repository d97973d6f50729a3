// Grows ../../../chapters/07-reconnection/command-queue.ts: one command at a time, so that none overtakes another when the server is
// busy; by whatever transport; and whatever is kept is in an outbox, not here.
import { type BackoffSettings, createBackoff } from "../../../chapters/07-reconnection/backoff.ts";
import type { Answer, Command } from "../../board/commands.ts";
import type { SentAnswer } from "./requests.ts";

export interface Sendable {
  readonly key: string;
  readonly command: Command;
  /** When it was given: ISO 8601, UTC. */
  readonly at: string;
}

export interface CommandSenderOptions {
  /** The next one that has no answer yet. */
  next(): Sendable | undefined;
  /** Whether a command has a chance now. */
  canSend(): boolean;
  /** Rejects when there was no answer. */
  run(key: string, command: Command): Promise<SentAnswer>;
  /** It is about to be sent, for the first time or again. */
  onSending(key: string): void;
  /** It was accepted or refused. From now on `next` does not return it. */
  onAnswer(key: string, answer: Answer): void;
  /** It was neither accepted nor refused, and is sent again after a while: from now on `isHeldUp`. */
  onPause(): void;
  onSignedOut(): void;
  /** Between two attempts of the same command. */
  readonly backoff?: BackoffSettings | undefined;
  /** The server counts messages: so many may follow each other at once, and after that one comes each so many milliseconds. @default 20 and 50 */
  readonly pace?: Pace | undefined;
  /** An older one is not sent: the server forgets answers after 30 days, and would do it a second time. In milliseconds. @default 29 days */
  readonly maxAgeMs?: number | undefined;
}

export interface Pace {
  readonly burst: number;
  readonly everyMs: number;
}

const DAY_MS = 86_400_000;

/** The answer to a command that was not sent any more. */
const TOO_OLD: Answer = {
  status: 410,
  body: {
    error: {
      code: "too_old",
      message:
        "This change waited for too long and was not sent: look whether it was made, and make it again.",
    },
  },
};

/** Whether an answer says neither yes nor no. */
export function isUndecided({ status }: Answer): boolean {
  return status >= 500 || status === 429 || status === 408;
}

export function createCommandSender(options: CommandSenderOptions) {
  const { next, canSend, run, onAnswer, maxAgeMs = 29 * DAY_MS } = options;
  const { burst, everyMs } = options.pace ?? { burst: 20, everyMs: 50 };
  /** When as many as allowed have been sent that what comes next would be too early. In milliseconds, as a debt that time pays off. */
  let paidUntil = 0;
  const settings = { minMs: 250, maxMs: 10_000, ...options.backoff };
  let backoff = createBackoff(settings);
  let isSending = false;
  let isClosed = false;
  let hasPaused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function poke(): void {
    if (isClosed || isSending || timer !== undefined) return;
    const command = next();
    if (!command) {
      hasPaused = false;
      return;
    }
    if (Date.now() - Date.parse(command.at) >= maxAgeMs) {
      onAnswer(command.key, TOO_OLD);
      poke();
    } else if (canSend() && isInPace()) {
      isSending = true;
      send(command).finally(() => {
        isSending = false;
        poke();
      });
    }
  }

  /** After a long absence the server would take all at once for an attack. */
  function isInPace(): boolean {
    const now = performance.now();
    const earlyMs = paidUntil - now - burst * everyMs;
    if (earlyMs <= 0) {
      paidUntil = Math.max(paidUntil, now) + everyMs;
      return true;
    }
    timer = setTimeout(retry, earlyMs);
    return false;
  }

  async function send({ key, command }: Sendable): Promise<void> {
    options.onSending(key);
    const answer = await run(key, command).catch(() => undefined);
    if (isClosed) return;
    if (answer?.status === 401) options.onSignedOut();
    else if (answer === undefined || isUndecided(answer)) pause(answer?.retryAfterMs);
    else {
      backoff = createBackoff(settings);
      onAnswer(key, answer);
    }
  }

  /** Not refused: it is sent again, with the same key. */
  function pause(retryAfterMs = 0): void {
    timer = setTimeout(retry, Math.max(retryAfterMs, backoff.next()));
    hasPaused = true;
    options.onPause();
  }

  function retry(): void {
    timer = undefined;
    poke();
  }

  return {
    /** There is something to send, or a way to send it. */
    poke,
    /** There is a new connection: what was waited for may be over. */
    retryNow(): void {
      clearTimeout(timer);
      hasPaused = false;
      retry();
    },
    /** The server has not taken what is to be sent. Until all of it is taken: one that gets through between two that do not says little. */
    get isHeldUp(): boolean {
      return hasPaused && next() !== undefined;
    },
    close(): void {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
