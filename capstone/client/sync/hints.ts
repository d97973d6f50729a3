// What a browser knows of the network and of the user's attention. Hints, and no proofs.

export interface Hints {
  /** False: there is certainly no network, says the system. */
  isOnline(): boolean;
  isHidden(): boolean;
  /**
   * @param onHint is told when one of them has changed
   * @returns stops
   */
  watch(onHint: (hint: "online" | "offline" | "visible" | "hidden") => void): () => void;
}

/** Of the page. Outside of browsers nothing is ever known. */
export function browserHints(): Hints {
  const { document, navigator } = globalThis;
  return {
    isOnline: () => navigator?.onLine ?? true,
    isHidden: () => document?.hidden ?? false,
    watch(onHint) {
      const stopping = new AbortController();
      const { signal } = stopping;
      globalThis.addEventListener?.("online", () => onHint("online"), { signal });
      globalThis.addEventListener?.("offline", () => onHint("offline"), { signal });
      const onVisibility = () => onHint(document.hidden ? "hidden" : "visible");
      document?.addEventListener("visibilitychange", onVisibility, { signal });
      return () => stopping.abort();
    },
  };
}
