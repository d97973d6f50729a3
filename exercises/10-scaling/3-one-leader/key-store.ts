/** What Redis offers for a lease. Each operation is atomic. Expired keys are gone, as if they had been deleted. */
export interface KeyStore {
  get(key: string): Promise<string | undefined>;
  /** Whatever was there before. */
  set(key: string, value: string, expiresInMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** @returns whether there was nothing, and this is there now */
  setIfAbsent(key: string, value: string, expiresInMs: number): Promise<boolean>;
  /** Expires later, if it has this value. @returns whether it has */
  extendIf(key: string, value: string, expiresInMs: number): Promise<boolean>;
  /** @returns whether it had this value, and is gone now */
  deleteIf(key: string, value: string): Promise<boolean>;
}

/**
 * A store in memory. An operation is carried out when it is called, and answered later.
 * @param now in milliseconds
 * @param answer decides when the answer comes, or that it does not: then it rejects
 */
export function createKeyStore(now: () => number, answer: () => Promise<void> = async () => {}): KeyStore {
  const entries = new Map<string, { value: string; expiresAtMs: number }>();

  function read(key: string): string | undefined {
    const entry = entries.get(key);
    return entry && now() < entry.expiresAtMs ? entry.value : undefined;
  }

  function write(key: string, value: string, expiresInMs: number): void {
    entries.set(key, { value, expiresAtMs: now() + expiresInMs });
  }

  async function answered<T>(result: T): Promise<T> {
    await answer();
    return result;
  }

  return {
    get: (key) => answered(read(key)),
    set: (key, value, expiresInMs) => answered(write(key, value, expiresInMs)),
    delete: (key) => answered(void entries.delete(key)),
    setIfAbsent(key, value, expiresInMs) {
      const isFree = read(key) === undefined;
      if (isFree) write(key, value, expiresInMs);
      return answered(isFree);
    },
    extendIf(key, value, expiresInMs) {
      const isSame = read(key) === value;
      if (isSame) write(key, value, expiresInMs);
      return answered(isSame);
    },
    deleteIf(key, value) {
      const isSame = read(key) === value;
      if (isSame) entries.delete(key);
      return answered(isSame);
    },
  };
}
