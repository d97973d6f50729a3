// There is one stream for each user: a second tab takes the place of the first, which hears nothing any more.
// Fails: every tab gets every event
// Lesson: chapters/03-sse/README.md#build-it
// Hint: A map has one value for each key. How many streams may Bob have?

interface Client {
  readonly userId: string;
  readonly controller: ReadableStreamDefaultController<string>;
}

export function createStreams() {
  const clients = new Map<string, Client>();

  function open(userId: string): ReadableStream<string> {
    return new ReadableStream<string>({
      start(controller) {
        clients.set(userId, { userId, controller });
      },
      cancel() {
        clients.delete(userId);
      },
    });
  }

  function publish(event: string): void {
    for (const { controller } of clients.values()) controller.enqueue(event);
  }

  function users(): string[] {
    return [...new Set(clients.keys())].sort();
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
