export interface Task {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly assigneeId: string | null;
  readonly listId: string;
  /** Goes up by one with every change. */
  readonly version: number;
}

/**
 * A server with one task. `PATCH` changes the fields that it is sent, and no other. With a `version` that is not the
 * task's own it changes nothing, and answers 409.
 */
export function createTaskServer() {
  let task: Task = {
    id: "task-1",
    title: "Draw the logo",
    description: "In blue",
    assigneeId: "bob",
    listId: "list-todo",
    version: 1,
  };
  return {
    async fetch(request: Request): Promise<Response> {
      if (request.method === "PATCH") {
        const { version = task.version, ...change } = await request.json();
        if (version !== task.version) {
          const message = `The task is at version ${task.version}, not ${version}: read it again.`;
          return Response.json({ error: { code: "version_conflict", message } }, { status: 409 });
        }
        task = { ...task, ...change, version: version + 1 };
      }
      return Response.json(task);
    },
  };
}
