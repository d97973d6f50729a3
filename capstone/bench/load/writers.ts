// The clients that change something. Each writes to a task of its own, so that they do not stand in each other's way.
import { now } from "../clock.ts";
import type { Address } from "../peers/peer.ts";
import type { Client } from "./client.ts";
import { openClient } from "./followers.ts";

export function createWriters(onFault: (reason: string) => void) {
  const clients: Client[] = [];
  /** What waits for an answer, by key. */
  const waiting = new Map<number, () => void>();
  let lastKey = 0;

  function open(address: Address, index: number): Promise<Client> {
    return new Promise((resolve) => {
      const client: Client = openClient(address, index, false, {
        onReady: () => resolve(client),
        onEvent: () => onFault(`Writer ${index} got an event, and does not follow the board`),
        onAnswer(key, status) {
          if (status !== 200) onFault(`Writer ${index} was answered ${status}`);
          waiting.get(key)?.();
          waiting.delete(key);
        },
        onLost: (reason) => onFault(`Writer ${index} ${reason}`),
      });
    });
  }

  /** @returns the change's number; `onAnswer` is called when it is on the server's disk */
  function change(index: number, onAnswer: () => void): number {
    lastKey += 1;
    waiting.set(lastKey, onAnswer);
    clients[index]?.change(lastKey, `task-${index + 1}`, `Title ${lastKey}`);
    return lastKey;
  }

  function close(): void {
    for (const client of clients.splice(0)) client.close();
  }

  return {
    /** Those that were open before are closed. */
    async open(address: Address, count: number): Promise<void> {
      close();
      for (let index = 0; index < count; index += 1) clients.push(await open(address, index));
    },

    /**
     * All write, each its next change as soon as the last one is answered.
     * @returns how many changes were answered, and when it began
     */
    async writeFor(ms: number): Promise<{ changes: number; begunAt: number }> {
      const begunAt = now();
      let changes = 0;
      const writeOn = (index: number): Promise<void> =>
        new Promise((resolve) => {
          function next(): void {
            if (now() - begunAt >= ms) resolve();
            else
              change(index, () => {
                changes += 1;
                next();
              });
          }
          next();
        });
      await Promise.all(clients.map((_, index) => writeOn(index)));
      return { changes, begunAt };
    },

    /** One writer sends changes at a steady rate, whether they are answered or not. */
    async pace(count: number, gapMs: number, onSent: (index: number, at: number) => void): Promise<void> {
      const begunAt = now();
      const answered: Promise<void>[] = [];
      for (let index = 0; index < count; index += 1) {
        const waitMs = begunAt + index * gapMs - now();
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        onSent(index, now());
        answered.push(
          new Promise((resolve) => {
            change(0, resolve);
          }),
        );
      }
      await Promise.all(answered);
    },

    close,
  };
}
