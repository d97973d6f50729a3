// Tabs within one process, for tests and for programs that follow a board several times. They can crash and freeze.
import { randomId, type Tabs } from "./tabs.ts";

export interface MemoryTab extends Tabs {
  /** It is gone without a word: the leadership is released, and nothing comes from it or to it any more. */
  crash(): void;
  /** While it is frozen nothing runs in it, and what is sent to it waits. It keeps what it leads. */
  freeze(): void;
  thaw(): void;
}

interface Candidate {
  readonly tab: string;
  readonly onLead: () => void;
  readonly onLost: () => void;
}

/** @returns opens another tab of the same browser */
export function createMemoryTabs(): () => MemoryTab {
  /** By name; the first one leads. */
  const lines = new Map<string, Candidate[]>();
  const listeners = new Map<string, Set<{ tab: string; deliver(message: unknown): void }>>();

  function lineOf(name: string): Candidate[] {
    const line = lines.get(name) ?? [];
    lines.set(name, line);
    return line;
  }

  function remove(name: string, isMeant: (candidate: Candidate) => boolean): void {
    const line = lineOf(name);
    const [leader] = line;
    lines.set(
      name,
      line.filter((candidate) => !isMeant(candidate)),
    );
    const [next] = lineOf(name);
    if (next && next !== leader) next.onLead();
  }

  return () => {
    const id = randomId();
    let isGone = false;
    /** What waits for the end of the freeze. */
    let frozen: (() => void)[] | undefined;
    /** In another turn, as between real tabs. */
    const soon = (run: () => void) =>
      setTimeout(() => {
        if (isGone) return;
        if (frozen) frozen.push(run);
        else run();
      }, 0);

    return {
      id,

      campaign(name, onLead, onLost) {
        const own: Candidate = { tab: id, onLead: () => soon(onLead), onLost: () => soon(onLost) };
        const line = lineOf(name);
        line.push(own);
        if (line[0] === own) own.onLead();
        return {
          steal() {
            const [leader, ...others] = lineOf(name);
            if (isGone || leader === own) return;
            lines.set(name, [own, ...others.filter((each) => each !== own), ...(leader ? [leader] : [])]);
            leader?.onLost();
            own.onLead();
          },
          leave: () => remove(name, (candidate) => candidate === own),
        };
      },

      channel(name, onMessage) {
        const all = listeners.get(name) ?? new Set();
        listeners.set(name, all);
        const own = {
          tab: id,
          deliver: (message: unknown) => void soon(() => all.has(own) && onMessage(message)),
        };
        all.add(own);
        return {
          post(message) {
            if (isGone || frozen) return;
            const copy = structuredClone(message);
            for (const each of all) if (each !== own) each.deliver(copy);
          },
          close: () => void all.delete(own),
        };
      },

      crash() {
        isGone = true;
        for (const name of [...lines.keys()]) remove(name, ({ tab }) => tab === id);
      },
      freeze() {
        frozen ??= [];
      },
      thaw() {
        const waiting = frozen ?? [];
        frozen = undefined;
        for (const run of waiting) soon(run);
      },
    };
  };
}
