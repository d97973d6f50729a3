// The first stream of the user is forgotten, whichever has hung up: Bob's oldest tab is silent, and the one that was closed stays.
// Fails: when one tab is closed, the user's other tabs hear on
// Lesson: chapters/03-sse/README.md#build-it
// Hint: `find` gives one stream of Bob. Is it the one that has hung up?

interface Client {
  readonly userId: string;
  readonly controller: ReadableStreamDefaultController<string>;
}

export function createStreams() {
  const clients = new Set<Client>();

  function open(userId: string): ReadableStream<string> {
    return new ReadableStream<string>({
      start(controller) {
        clients.add({ userId, controller });
      },
      cancel() {
        const client = [...clients].find((each) => each.userId === userId);
        if (client) clients.delete(client);
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
