// Several tabs of one user share a connection: one of them leads, and the others hear from it.

/** What tabs need of a browser. In Node tests it is `memory-tabs.ts`. */
export interface Tabs {
  /** Of this tab; no other one has it. */
  readonly id: string;
  /**
   * Stands in line for the leadership of something. Whoever has it keeps it until it gives it up, or its page is gone.
   *
   * @param onLead this tab leads now
   * @param onLost another tab has taken it away, because this one was silent
   */
  campaign(name: string, onLead: () => void, onLost: () => void): Campaign;
  /** Messages between tabs. A tab does not get its own. */
  channel(name: string, onMessage: (message: unknown) => void): Channel;
}

export interface Campaign {
  /** Takes the leadership from whoever has it. */
  steal(): void;
  /** Gives it up, or leaves the line. */
  leave(): void;
}

export interface Channel {
  post(message: unknown): void;
  close(): void;
}

/** A tab that knows of no others: it leads at once. For Node, and for browsers that lack what it takes. */
export function soloTab(): Tabs {
  return {
    id: randomId(),
    campaign(_name, onLead) {
      let isWanted = true;
      queueMicrotask(() => isWanted && onLead());
      return {
        steal() {},
        leave() {
          isWanted = false;
        },
      };
    },
    channel: () => ({ post() {}, close() {} }),
  };
}

/**
 * The tabs of this browser. Leadership is a Web Lock: the browser itself releases it when a page is closed or crashes. Pages
 * without TLS have no locks; each of them has a connection of its own then.
 */
export function browserTabs(): Tabs {
  const { locks } = globalThis.navigator ?? {};
  if (!locks || typeof globalThis.BroadcastChannel !== "function") return soloTab();
  return {
    id: randomId(),
    campaign: (name, onLead, onLost) => campaignFor(locks, name, onLead, onLost),
    channel(name, onMessage) {
      const channel = new BroadcastChannel(name);
      channel.addEventListener("message", ({ data }) => onMessage(data));
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    },
  };
}

function campaignFor(locks: LockManager, name: string, onLead: () => void, onLost: () => void): Campaign {
  let isOver = false;
  /** Of the request that counts. */
  let current: AbortController | undefined;
  let release = () => {};

  function request(steal: boolean): void {
    current?.abort();
    const own = new AbortController();
    current = own;
    let isHeld = false;
    locks
      .request(name, steal ? { steal } : { signal: own.signal }, () => {
        if (isOver || own !== current) return undefined;
        isHeld = true;
        return new Promise<void>((resolve) => {
          release = resolve;
          onLead();
        });
      })
      .catch(() => {
        // Given up by ourselves; or stolen while we had it: then back into the line.
        if (isOver || own !== current || !isHeld) return;
        onLost();
        request(false);
      });
  }

  request(false);
  return {
    steal: () => !isOver && request(true),
    leave() {
      isOver = true;
      current?.abort();
      release();
    },
  };
}

/** 128 random bits. Not `crypto.randomUUID`, which browsers keep from pages without TLS. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
