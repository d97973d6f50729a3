// A client that has gone is only found by the next event: on a quiet board everybody who ever came is kept, and shown as a reader.
// Fails: a client that hangs up is forgotten at once
// Lesson: chapters/03-sse/README.md#build-it
// Hint: How long can a board be quiet? The stream itself says when its client leaves.

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
    for (const client of clients) {
      try {
        client.controller.enqueue(event);
      } catch {
        clients.delete(client);
      }
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
