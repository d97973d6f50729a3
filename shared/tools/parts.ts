import { z } from "zod";

/** A program of its own that belongs to what a chapter runs: a node, Redis, a proxy. */
export interface Part {
  /** `node-1`, `redis` */
  readonly name: string;
  readonly state: "starting" | "running" | "frozen" | "stopped";
  /** A few words more: `2 sockets`. */
  readonly detail?: string | undefined;
  /** What can be done with it now: verbs, which are the labels of its buttons. `kill`, `freeze`, `thaw`, `start` */
  readonly actions: readonly string[];
}

const word = z.string().min(1).max(100);

/** What the page posts. The server process receives the same over its channel. */
export const partActionSchema = z.strictObject({ part: word, action: word });

export type PartAction = z.infer<typeof partActionSchema>;

/** What a server process says over its channel: its port once, and all of its parts whenever one has changed. */
export type ServerMessage = { readonly listening: number } | { readonly parts: readonly Part[] };

/** The parts of the server that runs, for those who show them. */
export interface Parts {
  readonly current: readonly Part[];
  set(parts: readonly Part[]): void;
  act(asked: PartAction): void;
  /**
   * Hears soon that something has changed.
   * @returns stops listening
   */
  subscribe(onChange: () => void): () => void;
}

/** How long changes are collected, in milliseconds: a thousand sockets that open at once change a detail as often. */
const COLLECT_MS = 50;

/** @param act tells the server what is asked of a part */
export function createParts(act: (asked: PartAction) => void = () => {}): Parts {
  const listeners = new Set<() => void>();
  let current: readonly Part[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    timer = undefined;
    for (const listener of listeners) listener();
  }

  return {
    get current() {
      return current;
    },
    set(parts) {
      current = parts;
      if (listeners.size > 0) timer ??= setTimeout(tell, COLLECT_MS);
    },
    act,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => {
        listeners.delete(onChange);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}
