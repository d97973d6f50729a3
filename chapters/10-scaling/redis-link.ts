// The way to Redis, which is open or is not. What Redis does not answer soon has failed, and nobody waits for it.
import { createClient, ErrorReply } from "redis";
import { SettingError } from "../../shared/settings.ts";
import { createBackoff } from "../07-reconnection/backoff.ts";
import { SCRIPTS } from "./redis-script.ts";

export type RedisClient = ReturnType<typeof createOurClient>;

/** Redis does not answer at the moment. Whoever can do without it does. */
export class RedisAway extends Error {
  constructor() {
    super("Redis does not answer.");
  }
}

/** What a listener is told: a message, or that it may have missed some, because the way was closed or has just opened. */
export type Hint = string | undefined;

export interface RedisLink {
  /** This node has no Redis, and no other node beside it. */
  readonly isAlone: boolean;
  readonly isUp: boolean;
  /**
   * Runs commands.
   * @throws {RedisAway} when Redis does not answer. They may have been carried out all the same.
   */
  ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T>;
  /** Tells all who listen to a channel, now. Whoever is away at this moment never hears of it. */
  tell(channel: string, text: string): void;
  /** @returns stops listening */
  listen(channel: string, onHint: (hint: Hint) => void): () => void;
  /** @returns forgets it. `onUp` is called whenever the way is open again. */
  onUp(onUp: () => void): () => void;
  close(): void;
}

export interface RedisLinkSettings {
  /**
   * A Redis that was asked and has been silent for so long is away, in milliseconds. One that is busy answers somebody.
   * @default 500
   */
  readonly answerWithinMs?: number;
  /** How often Redis is asked whether it is there, in milliseconds. @default 1000 */
  readonly pingMs?: number;
  /** The longest wait before the next attempt, in milliseconds. @default 1000 */
  readonly maxRetryMs?: number;
  /** Where a line goes when Redis is there, or is not any more. @default nowhere */
  readonly log?: (line: string) => void;
}

/**
 * @param url `redis://host:port`
 * @throws {SettingError} when it is no such address
 */
export function openRedisLink(url: string, settings: RedisLinkSettings = {}): RedisLink {
  const { answerWithinMs = 500, pingMs = 1_000, maxRetryMs = 1_000, log = () => {} } = settings;
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new SettingError(
      "REDIS_URL is no address of a Redis: set it to one, such as redis://127.0.0.1:6379.",
    );
  }
  const channels = new Map<string, Set<(hint: Hint) => void>>();
  const whenUp = new Set<() => void>();
  const backoff = createBackoff({ minMs: 50, maxMs: maxRetryMs });
  let client: RedisClient | undefined;
  let isClosed = false;
  let openedAt = 0;
  let isKnownToBeAway = false;
  /** How many wait for an answer, and since when nobody has got one. A time of `performance.now()`. */
  let waiting = 0;
  let silentSince = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function open(): Promise<void> {
    const opening = createOurClient(url, answerWithinMs);
    // A listener is needed, or the first error would end the process. Each of them also ends the connection.
    opening.on("error", (error: Error) => giveUp(opening, error));
    const timer = setTimeout(giveUp, answerWithinMs, opening);
    try {
      await opening.connect();
      await Promise.all(SCRIPTS.map((text) => opening.scriptLoad(text)));
    } catch (error) {
      giveUp(opening, error as Error);
    } finally {
      clearTimeout(timer);
    }
    if (!opening.isReady || isClosed) {
      giveUp(opening);
      tryAgain();
      return;
    }
    client = opening;
    openedAt = performance.now();
    isKnownToBeAway = false;
    log("Redis is there.");
    await subscribe([...channels.keys()]);
    for (const up of [...whenUp]) up();
  }

  /** From here on the connection answers nobody: what waits for it is rejected. */
  function giveUp(given: RedisClient, { message } = new RedisAway()): void {
    if (given.isOpen) given.destroy();
    if (!isKnownToBeAway && !isClosed) log(`Redis is away: ${message}`);
    isKnownToBeAway = true;
    if (client !== given) return;
    client = undefined;
    backoff.ended(performance.now() - openedAt);
    tryAgain();
  }

  function tryAgain(): void {
    if (isClosed) return;
    clearTimeout(retry);
    retry = setTimeout(open, backoff.next());
  }

  async function ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!client) throw new RedisAway();
    if (waiting === 0) silentSince = performance.now();
    waiting += 1;
    try {
      return await command(client);
    } catch (error) {
      // An answer that says no is a mistake of ours.
      throw error instanceof ErrorReply ? error : new RedisAway();
    } finally {
      waiting -= 1;
      silentSince = performance.now();
    }
  }

  /** Looks twice. If this process itself was busy, the answers have arrived, and are read before the second look. */
  function endSilence(): void {
    const silent = client;
    const isSilent = () => waiting > 0 && performance.now() - silentSince > answerWithinMs;
    if (silent && isSilent()) setImmediate(() => isSilent() && giveUp(silent));
  }

  function onMessage(text: string, channel: string): void {
    for (const onHint of [...(channels.get(channel) ?? [])]) hear(onHint, text);
  }

  /** What goes wrong in a listener is its own affair: nobody is above us who could handle it. */
  function hear(onHint: (hint: Hint) => void, hint: Hint): void {
    try {
      onHint(hint);
    } catch (error) {
      console.error(error);
    }
  }

  /** First the subscription, then the look at what was missed: in the other order there would be a gap. */
  async function subscribe(names: string[]): Promise<void> {
    if (names.length === 0) return;
    await ask((up) => up.subscribe(names, onMessage)).catch(() => {});
    for (const name of names) {
      for (const onHint of [...(channels.get(name) ?? [])]) hear(onHint, undefined);
      // After a new connection that can be thousands, and others want to have a turn.
      if (names.length > 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function listen(channel: string, onHint: (hint: Hint) => void): () => void {
    const listeners = channels.get(channel);
    if (listeners) listeners.add(onHint);
    else channels.set(channel, new Set([onHint]));
    void subscribe([channel]);
    return () => {
      const left = channels.get(channel);
      if (!left?.delete(onHint) || left.size > 0) return;
      channels.delete(channel);
      ask((up) => up.unsubscribe(channel, onMessage)).catch(() => {});
    };
  }

  const watchingSilence = setInterval(endSilence, answerWithinMs / 5);
  const pinging = setInterval(() => ask((up) => up.ping()).catch(() => {}), pingMs);
  void open();

  return {
    isAlone: false,
    get isUp() {
      return client !== undefined;
    },
    ask,
    tell(channel, text) {
      ask((up) => up.publish(channel, text)).catch(() => {});
    },
    listen,
    onUp(up) {
      whenUp.add(up);
      return () => whenUp.delete(up);
    },
    close() {
      isClosed = true;
      clearInterval(pinging);
      clearInterval(watchingSilence);
      clearTimeout(retry);
      if (client) giveUp(client);
    },
  };
}

/**
 * Without a queue for what cannot be sent, and without the library's own attempts to come back: a command that waits for an
 * hour helps nobody. RESP 3 is the protocol in which one connection carries answers and messages.
 */
function createOurClient(url: string, connectTimeout: number) {
  return createClient({
    url,
    RESP: 3,
    disableOfflineQueue: true,
    socket: { connectTimeout, reconnectStrategy: false },
  });
}

/** One node by itself: there is nobody to tell, and nobody to ask. */
export const ALONE: RedisLink = {
  isAlone: true,
  isUp: false,
  ask: () => Promise.reject(new RedisAway()),
  tell() {},
  listen: () => () => {},
  onUp: () => () => {},
  close() {},
};
