// While something lesser works, the better transport is tried again beside it: first the new one is live, then the old one is closed.
import { type BackoffSettings, createBackoff } from "../../../chapters/07-reconnection/backoff.ts";
import type { Link } from "./link.ts";
import type { End, Transport } from "./transports/transport.ts";

export interface UpgradeSettings {
  /** Between two attempts to find something better. @default anywhere up to 5 s, doubling up to 5 minutes */
  readonly upgradeBackoff?: BackoffSettings;
}

export interface UpgradesOptions extends UpgradeSettings {
  /** Its changes and its end are told to `changed` and `ended`, until it is handed over. */
  open(transport: Transport): Link;
  /** It is live, and in place of the old one from now on. Both hand over events until then: whoever takes them skips what is known. */
  onUpgrade(link: Link): void;
  /** The attempt has found out something that concerns everything: the session is over, or the log is another one. */
  onEnd(end: End): void;
}

export function createUpgrades({ open, onUpgrade, onEnd, upgradeBackoff }: UpgradesOptions) {
  const settings = { minMs: 5_000, maxMs: 300_000, ...upgradeBackoff };
  let backoff = createBackoff(settings);
  let better: readonly Transport[] = [];
  let candidate: Link | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(() => attempt(0), backoff.next());
  }

  function attempt(level: number): void {
    timer = undefined;
    const transport = better[level];
    if (transport) candidate = open(transport);
    else schedule();
  }

  function changed(link: Link): void {
    if (link !== candidate || link.phase !== "live") return;
    candidate = undefined;
    stop();
    onUpgrade(link);
  }

  function ended(link: Link, end: End): void {
    if (link !== candidate) return;
    candidate = undefined;
    const next = better.findIndex(({ name }) => name === link.name) + 1;
    if (end.kind === "away") attempt(next);
    else onEnd(end);
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    candidate?.close();
    candidate = undefined;
  }

  return {
    changed,
    ended,
    /** @param transports better ones than what is in use, the best first */
    want(transports: readonly Transport[]): void {
      better = transports;
      if (timer === undefined && !candidate) schedule();
    },
    /** The network has changed: soon, and from the shortest wait again. */
    hurry(): void {
      if (timer === undefined) return;
      backoff = createBackoff(settings);
      schedule();
    },
    stop,
  };
}
