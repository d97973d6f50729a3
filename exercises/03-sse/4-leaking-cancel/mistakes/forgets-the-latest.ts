// The client is kept in a variable that all streams share: whoever hangs up, the one who came last is forgotten.
// Fails: when somebody has hung up, those who came later hear on
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Whose client does the variable hold when the second stream has been opened?

interface Client {
  readonly userId: string;
  readonly controller: ReadableStreamDefaultController<string>;
}

export function createStreams() {
  const clients = new Set<Client>();
  let client: Client;

  function open(userId: string): ReadableStream<string> {
    return new ReadableStream<string>({
      start(controller) {
        client = { userId, controller };
        clients.add(client);
      },
      cancel() {
        clients.delete(client);
      },
    });
  }

  function publish(event: string): void {
    for (const { controller } of clients) controller.enqueue(event);
  }

  function users(): string[] {
    return [...new Set([...clients].map(({ userId }) => userId))].sort();
  }

  return {
    open,
    publish,
    users,
    get size() {
      return clients.size;
    },
  };
}
