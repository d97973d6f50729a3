// Commands on their way to the server: kept until they are answered, and sent again after every interruption.
import type { AnswerMessage, Command, CommandMessage } from "./commands.ts";
import type { Answer } from "./idempotency.ts";

/** A command has not been answered, and will not be. It may have been carried out or not. */
export class UnansweredError extends Error {}

export interface CommandQueueOptions {
  /** @returns whether it was sent */
  send(message: CommandMessage): boolean;
  /** How many commands wait for an answer. */
  onSize(size: number): void;
  /** More than this are refused: whoever is away for days should not find out at the end. @default 100 */
  readonly maxSize?: number;
  /** The least time between two commands, in milliseconds: after a long absence the server would not take all at once. @default 50 */
  readonly paceMs?: number;
  /** A command is repeated for so long, in milliseconds: less than the server remembers its answer. @default 23 hours */
  readonly maxAgeMs?: number;
}

/** How long to wait after the server has said that it is too busy at the moment, in milliseconds. */
const BUSY_MS = 1_000;

interface Waiting {
  /** The command, with its key. */
  readonly message: CommandMessage;
  isSent: boolean;
  /** Heartbeats of the server since it was sent. */
  beats: number;
  /** Milliseconds since 1970; undefined before the first time. */
  sentAt?: number;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export function createCommandQueue(options: CommandQueueOptions) {
  const { send, onSize, maxSize = 100, paceMs = 50, maxAgeMs = 23 * 3_600_000 } = options;
  /** In the order in which they were given. Answers remove them. */
  const waiting = new Map<string, Waiting>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function sendNext(): void {
    if (timer !== undefined) return;
    const next = [...waiting.values()].find(({ isSent }) => !isSent);
    if (!next || !send(next.message)) return;
    next.isSent = true;
    next.beats = 0;
    next.sentAt ??= Date.now();
    pause(paceMs);
  }

  function pause(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      sendNext();
    }, ms);
  }

  /** Whether the server has got it cannot be found out any more, so it must not be sent again. */
  function giveUpOld(): void {
    for (const [key, { sentAt = Date.now(), reject }] of waiting) {
      if (Date.now() - sentAt < maxAgeMs) continue;
      waiting.delete(key);
      onSize(waiting.size);
      reject(new UnansweredError("A change was not answered for a day: look whether it was made."));
    }
  }

  return {
    /**
     * @returns the server's answer, however long it takes
     * @throws {UnansweredError} when the queue is full or has been ended
     */
    add(command: Command): Promise<Answer> {
      if (waiting.size >= maxSize) {
        return Promise.reject(new UnansweredError(`${maxSize} changes wait already: this one was not kept.`));
      }
      const key = randomKey();
      return new Promise((resolve, reject) => {
        // The key belongs to the command and not to the attempt: that is what makes a repeat harmless.
        waiting.set(key, {
          message: { ...command, key } as CommandMessage,
          isSent: false,
          beats: 0,
          resolve,
          reject,
        });
        onSize(waiting.size);
        sendNext();
      });
    },

    /** There is a new connection. What was not answered on the old one is sent again, whether it got there or not. */
    onOpen(): void {
      giveUpOld();
      for (const each of waiting.values()) each.isSent = false;
      sendNext();
    },

    /** The server is there and has not answered: what was sent two heartbeats ago has got lost, or its answer has. */
    onHeartbeat(): void {
      for (const each of waiting.values()) {
        if (!each.isSent) continue;
        each.beats += 1;
        if (each.beats >= 2) each.isSent = false;
      }
      sendNext();
    },

    onAnswer({ key, status, body }: AnswerMessage): void {
      const found = waiting.get(key);
      if (!found) return; // answered twice, because it was sent twice
      if (status === 503) {
        // Not carried out, and not refused either.
        found.isSent = false;
        pause(BUSY_MS);
        return;
      }
      waiting.delete(key);
      onSize(waiting.size);
      found.resolve({ status, body });
    },

    /** There will be no answers any more. */
    end(reason: string): void {
      clearTimeout(timer);
      timer = undefined;
      for (const { reject } of waiting.values()) reject(new UnansweredError(reason));
      waiting.clear();
    },

    get size(): number {
      return waiting.size;
    },
  };
}

/** 128 random bits. Not `crypto.randomUUID`, which browsers keep from pages without TLS. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
