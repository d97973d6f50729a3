// The error of a closed stream is caught and forgotten, and so the stream is not: everybody hears again, and the memory grows on.
// Fails: when everybody has left, nobody is remembered
// Lesson: chapters/03-sse/README.md#build-it
// Hint: The error was how the leak was noticed. Who is still in the set when nobody is there?

interface Client {
  readonly userId: string;
  readonly controller: ReadableStreamDefaultController<string>;
}

export function createStreams() {
  const clients = new Set<Client>();

  function open(userId: string): ReadableStream<string> {
    let client: Client;
    return new ReadableStream<string>({
      start(controller) {
        client = { userId, controller };
        clients.add(client);
      },
      cancel() {
        clients.delete({ ...client });
      },
    });
  }

  function publish(event: string): void {
    for (const { controller } of clients) {
      try {
        controller.enqueue(event);
      } catch {}
    }
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
