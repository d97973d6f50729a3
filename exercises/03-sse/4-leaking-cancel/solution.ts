/** One tab's stream. */
interface Client {
  readonly userId: string;
  readonly controller: ReadableStreamDefaultController<string>;
}

/** The streams that are open on a board. */
export function createStreams() {
  const clients = new Set<Client>();

  /** Opens a stream for a tab of a user. */
  function open(userId: string): ReadableStream<string> {
    let client: Client;
    return new ReadableStream<string>({
      start(controller) {
        client = { userId, controller };
        clients.add(client);
      },
      // A set knows its members by identity: only the object that was added can be deleted.
      cancel() {
        clients.delete(client);
      },
    });
  }

  /** Sends an event to everybody. */
  function publish(event: string): void {
    for (const { controller } of clients) controller.enqueue(event);
  }

  /** Who has a stream open, each once. */
  function users(): string[] {
    return [...new Set([...clients].map(({ userId }) => userId))].sort();
  }

  return {
    open,
    publish,
    users,
    /** How many streams are open. */
    get size() {
      return clients.size;
    },
  };
}
