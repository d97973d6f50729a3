// The board is stored for a page that starts offline: soon after a change, and not after each.

/** @param everyMs so often at most, in milliseconds */
export function createSaver(save: () => void, everyMs = 2_000) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function saveNow(): void {
    timer = undefined;
    save();
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    isStopped = true;
  }

  return {
    soon(): void {
      if (!isStopped) timer ??= setTimeout(saveNow, everyMs);
    },
    /** What the user may not see any more is not kept either. */
    stop,
    /** What would be stored soon is stored now. */
    finish(): void {
      if (timer !== undefined) save();
      stop();
    },
  };
}
