/** What is known of a ticket. */
export interface StoredTicket {
  readonly userId: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Where tickets are kept: a database that several servers share. Every call takes a while. */
export interface TicketStore {
  put(key: string, ticket: StoredTicket): Promise<void>;
  get(key: string): Promise<StoredTicket | undefined>;
  /** Removes an entry. @returns what it has removed; `undefined` when there was nothing (any more) */
  delete(key: string): Promise<StoredTicket | undefined>;
  /** Removes every entry that expires at this time or before. */
  deleteExpired(at: number): Promise<void>;
}

/** A store in memory, as slow as a real one in one respect: others get their turn before it answers. */
export function createTicketStore() {
  const entries = new Map<string, StoredTicket>();
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    async put(key: string, ticket: StoredTicket): Promise<void> {
      await turn();
      entries.set(key, ticket);
    },

    async get(key: string): Promise<StoredTicket | undefined> {
      await turn();
      return entries.get(key);
    },

    async delete(key: string): Promise<StoredTicket | undefined> {
      await turn();
      const found = entries.get(key);
      entries.delete(key);
      return found;
    },

    async deleteExpired(at: number): Promise<void> {
      await turn();
      for (const [key, { expiresAt }] of entries) if (expiresAt <= at) entries.delete(key);
    },

    /** What somebody has who copies the store. */
    keys: (): string[] => [...entries.keys()],

    /** Whose tickets there are. */
    userIds: (): string[] => [...entries.values()].map(({ userId }) => userId),
  };
}
