// What was changed while the server could not be reached is sent from every page, and not only from the board that it was changed on.
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { BoardClient } from "./sync/board-client.ts";
import { browserHints, type Hints } from "./sync/hints.ts";
import type { Outbox } from "./sync/outbox.ts";

/** What a board's changes are up to. */
export interface Unsent {
  /** So many have not reached the server. */
  readonly waiting: number;
  /** So many were refused, and the user has not looked at them yet. */
  readonly refused: number;
}

export interface SendWaitingOptions {
  /** The user's. */
  readonly outbox: Pick<Outbox, "entries">;
  /** Opens a board in the background. What waits there is sent as soon as there is a connection. */
  openClient(boardId: string): Pick<BoardClient, "state" | "subscribe" | "close">;
  /** How often the outbox is looked into, in milliseconds: other tabs write into it, too. @default 3000 */
  readonly everyMs?: number;
  readonly hints?: Hints;
}

export interface SendWaiting {
  /** By board. A board that has nothing to send or to say is not in it. */
  readonly unsent: ReadonlySignal<ReadonlyMap<string, Unsent>>;
  /** This board sends by itself: its page is open. */
  leaveTo(boardId: string | undefined): void;
  stop(): void;
}

/** So many boards are sent at a time. */
const MOST = 4;

const NOTHING: ReadonlyMap<string, Unsent> = new Map();

/** Other tabs may do the same: only one of them leads a board and sends. */
export function sendWaiting(options: SendWaitingOptions): SendWaiting {
  const { outbox, openClient, everyMs = 3_000, hints = browserHints() } = options;
  const clients = new Map<string, ReturnType<typeof openClient>>();
  const unsent = signal(NOTHING);
  let ownBoard: string | undefined;
  let isStopped = false;
  let looking: Promise<void> | undefined;

  function look(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookNow(): Promise<void> {
    const entries = await outbox.entries().catch(() => []);
    if (isStopped) return;
    const found = new Map<string, Unsent>();
    for (const { boardId, state } of entries) {
      const { waiting, refused } = found.get(boardId) ?? { waiting: 0, refused: 0 };
      if (state === "refused") found.set(boardId, { waiting, refused: refused + 1 });
      if (state === "waiting" || state === "sent") found.set(boardId, { waiting: waiting + 1, refused });
    }
    if (JSON.stringify([...found]) !== JSON.stringify([...unsent.peek()])) unsent.value = found;
    const waits = (boardId: string) => (found.get(boardId)?.waiting ?? 0) > 0;
    for (const boardId of [...clients.keys()]) if (!waits(boardId)) close(boardId);
    for (const boardId of found.keys()) if (waits(boardId)) open(boardId);
  }

  function open(boardId: string): void {
    if (boardId === ownBoard || clients.has(boardId) || clients.size >= MOST) return;
    const client = openClient(boardId);
    clients.set(boardId, client);
    // Before it has loaded nothing waits, either.
    let hadAny = false;
    client.subscribe(() => {
      const { waiting } = client.state().status;
      hadAny ||= waiting > 0;
      // Not at once: the client still is telling the other tabs.
      if (hadAny && waiting === 0) setTimeout(() => close(boardId)?.then(look));
    });
  }

  function close(boardId: string): Promise<void> | undefined {
    const client = clients.get(boardId);
    clients.delete(boardId);
    return client?.close();
  }

  const timer = setInterval(() => !hints.isHidden() && look(), everyMs);
  const unwatch = hints.watch((hint) => hint === "visible" && look());
  look();

  return {
    unsent,
    leaveTo(boardId) {
      ownBoard = boardId;
      if (boardId !== undefined) close(boardId);
      look();
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
      unwatch();
      for (const boardId of [...clients.keys()]) close(boardId);
      unsent.value = NOTHING;
    },
  };
}

/** In a few words. @returns undefined if there is nothing to say */
export function unsentText({ waiting, refused }: Unsent = { waiting: 0, refused: 0 }): string | undefined {
  const changes = (count: number) => (count === 1 ? "1 change" : `${count} changes`);
  const texts = [
    waiting > 0 && `${changes(waiting)} waiting`,
    refused > 0 && `${changes(refused)} not accepted`,
  ];
  return texts.filter(Boolean).join(", ") || undefined;
}
