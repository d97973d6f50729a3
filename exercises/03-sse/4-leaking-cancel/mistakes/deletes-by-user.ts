// All streams of the user are forgotten: Bob closes one tab, and his other tab is silent.
// Fails: when one tab is closed, the user's other tabs hear on
// Lesson: chapters/03-sse/README.md#build-it
// Hint: What do Bob's two tabs have in common? Search for what they do not.

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
        for (const each of clients) {
          if (each.userId === userId) clients.delete(each);
        }
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
