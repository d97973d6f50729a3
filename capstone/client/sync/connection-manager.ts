// Picks a transport, falls back, and comes back to the better one. And always says truly how things are.
import { createBackoff } from "../../../chapters/07-reconnection/backoff.ts";
import type { Answer, Command } from "../../board/commands.ts";
import type { Cursor } from "../../board/events.ts";
import type { TransportName } from "./client-state.ts";
import { browserHints } from "./hints.ts";
import { createLink, type Link } from "./link.ts";
import type { ManagerOptions, ManagerStatus } from "./manager-options.ts";
import { prepare } from "./prepare.ts";
import { sendCommand } from "./requests.ts";
import { createTransportChoice } from "./transport-choice.ts";
import type { Connection, End } from "./transports/transport.ts";
import { createUpgrades } from "./upgrades.ts";

/** How often the clock is looked at, in milliseconds. */
const TICK_MS = 1_000;

const UNREACHABLE = "The server cannot be reached.";
const NO_NETWORK = "This device is offline.";

export function createConnectionManager(options: ManagerOptions) {
  const { transports, openWithinMs = 4_000, answerWithinMs = 10_000, offlineAfterMs = 2_000 } = options;
  const { sleepMs = 5_000, hints = browserHints(), onStatus } = options;
  let backoff = createBackoff(options.backoff);
  let link: Link | undefined;
  /** Which of the candidates it is. */
  let level = 0;
  let terminal: Exclude<End, { kind: "away" | "reset" }> | undefined;
  let isClosed = false;
  /** Ends the preparations of an attempt. */
  let preparing: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let nextTryAt = 0;
  /** No connection has been there for so long that it is said. By the timer alone: by the clock it may come a millisecond early. */
  let isOffline = false;
  /** Undefined while there is a connection. */
  let offlineTimer: ReturnType<typeof setTimeout> | undefined;
  let lastTick = Date.now();
  const choice = createTransportChoice(transports, options.backoff?.stableMs);

  const upgrades = createUpgrades({
    ...options,
    open: (transport) => createLink({ ...linkOptions, transport }),
    onUpgrade: (better) => {
      link?.close();
      link = undefined;
      adopt(better);
    },
    onEnd: (end) => ended(undefined, end),
  });

  const linkOptions = {
    boardId: options.boardId,
    baseUrl: options.baseUrl,
    fetch: options.fetch,
    openWithinMs,
    answerWithinMs,
    cursor: () => options.cursor() as Cursor,
    onEvents: options.onEvents,
    onSignal: options.onSignal,
    onChange: (own: Link) => (own === link ? changed() : upgrades.changed(own)),
    onEnd: (own: Link, end: End) => (own === link ? ended(own, end) : upgrades.ended(own, end)),
  };

  async function attempt(nextLevel = 0): Promise<void> {
    level = nextLevel;
    clearTimeout(timer);
    timer = undefined;
    preparing?.abort();
    const controller = new AbortController();
    preparing = controller;
    onStatus();
    const end = await prepare(options, controller, answerWithinMs);
    if (preparing !== controller) return;
    preparing = undefined;
    if (end) return ended(undefined, end);
    const transport = choice.candidates()[level] ?? choice.candidates()[0];
    if (!transport) return;
    adopt(createLink({ ...linkOptions, transport }));
  }

  function adopt(next: Link): void {
    link = next;
    changed();
  }

  function changed(): void {
    const isUp = link !== undefined && link.phase !== "opening";
    if (isUp) comeUp();
    else goDown();
    const better = link?.phase === "live" ? choice.betterThan(link.name) : [];
    if (better.length > 0) upgrades.want(better);
    onStatus();
  }

  function comeUp(): void {
    clearTimeout(offlineTimer);
    offlineTimer = undefined;
    isOffline = false;
  }

  function goDown(): void {
    offlineTimer ??= setTimeout(() => {
      isOffline = true;
      onStatus();
    }, offlineAfterMs);
  }

  /** @param own the connection that has ended, if there was one */
  function ended(own: Link | undefined, end: End): void {
    if (isClosed || terminal) return;
    const wasOpen = own !== undefined && own.phase !== "opening";
    if (own && wasOpen) noteLife(own);
    link?.close();
    link = undefined;
    upgrades.stop();
    if (end.kind === "away") again(end, own, wasOpen);
    else if (end.kind === "reset") {
      options.onReset();
      wait(backoff.next());
    } else {
      terminal = end;
      stop();
    }
    changed();
  }

  function again(end: Extract<End, { kind: "away" }>, own: Link | undefined, wasOpen: boolean) {
    const { retryAfterMs = 0, unreachable = false } = end;
    const canGoLower =
      own !== undefined && !wasOpen && !unreachable && level + 1 < choice.candidates().length;
    if (canGoLower) attempt(level + 1).catch(onBug);
    else wait(Math.max(retryAfterMs, backoff.next()), wasOpen && own ? own.name : undefined);
  }

  /** @param name what was good until now is tried first */
  function wait(ms: number, name?: TransportName): void {
    clearTimeout(timer);
    nextTryAt = Date.now() + ms;
    timer = setTimeout(() => {
      const known = choice.candidates().findIndex((transport) => transport.name === name);
      attempt(Math.max(0, known)).catch(onBug);
    }, ms);
  }

  function noteLife({ name, livedMs }: Link): void {
    backoff.ended(livedMs);
    choice.noteLife(name, livedMs);
  }

  /** Something has changed that makes it worth trying at once. */
  function tryNow(): void {
    if (isClosed || terminal) return;
    if (link) link.doubt(false);
    else if (timer !== undefined) attempt().catch(onBug);
  }

  function onHint(hint: "online" | "offline" | "visible" | "hidden"): void {
    if (hint === "offline") link?.doubt(true);
    if (hint === "online") upgrades.hurry();
    if (hint === "online" || hint === "visible") {
      tick();
      tryNow();
    }
    onStatus();
  }

  /** Timers stand still while a computer sleeps, and the clock on the wall does not. */
  function tick(): void {
    const now = Date.now();
    const hasSlept = now - lastTick > TICK_MS + sleepMs;
    lastTick = now;
    link?.checkSilence();
    if (!hasSlept || hints.isHidden()) return;
    if (link) link.doubt(true);
    else tryNow();
  }

  function state(): ManagerStatus["state"] {
    if (terminal) return terminal.kind;
    if (link?.phase === "live" && !link.isInDoubt) return "live";
    return isOffline || !hints.isOnline() ? "offline" : "catching-up";
  }

  function stop(): void {
    clearInterval(clock);
    clearTimeout(timer);
    clearTimeout(offlineTimer);
    unwatch();
    preparing?.abort();
    preparing = undefined;
    upgrades.stop();
  }

  /** A bug must not leave the page without a connection. */
  function onBug(): void {
    ended(link, { kind: "away", unreachable: true });
  }

  const clock = setInterval(tick, TICK_MS);
  (clock as { unref?(): void }).unref?.();
  const unwatch = hints.watch(onHint);
  goDown();
  attempt().catch(onBug);

  return {
    status(): ManagerStatus {
      const now = state();
      const reason =
        terminal?.reason ?? (now === "offline" ? (hints.isOnline() ? UNREACHABLE : NO_NETWORK) : undefined);
      const transport = terminal ? undefined : link?.name;
      const isConnecting = now === "catching-up" && (link === undefined || link.phase === "opening");
      return {
        state: now,
        transport,
        forced: choice.isForced,
        ...(isConnecting && { isConnecting }),
        ...(now === "offline" && timer !== undefined && { nextTryAt }),
        ...(reason !== undefined && { reason }),
      };
    },

    /** There may be a way again: without waiting for the next attempt. */
    tryNow,

    /** Whether a command has a chance. */
    get canSend(): boolean {
      return !terminal && link !== undefined && link.phase !== "opening";
    },

    /** Carries a command by the connection, or by a request. Rejects when there was no answer. */
    run(key: string, command: Command): Promise<Answer> {
      const { connection } = link ?? {};
      if (connection?.run) return connection.run(key, command);
      return sendCommand(options, key, command, AbortSignal.timeout(answerWithinMs));
    },

    /** By what presence goes, if the connection carries it. */
    get typing(): Connection["typing"] {
      return link?.phase === "opening" ? undefined : link?.connection.typing;
    },

    /** Only this one from now on; or the best one that gets through. */
    force(next: TransportName | "auto"): void {
      if (isClosed || terminal || !choice.force(next)) return;
      upgrades.stop();
      backoff = createBackoff(options.backoff);
      // Going back to `auto` is no reason to give up what works: the better one is looked for beside it.
      if (next === "auto" && link?.phase === "live") {
        changed();
        upgrades.hurry();
        return;
      }
      link?.close();
      link = undefined;
      changed();
      attempt().catch(onBug);
    },

    /** Somebody else has found out that it is over. */
    end: (end: End) => ended(link, end),

    /** @param isLeaving the user leaves the board */
    close(isLeaving = false): void {
      isClosed = true;
      stop();
      link?.close(isLeaving);
      link = undefined;
    },
  };
}
