// The body is taken apart before it is looked at: JSON that is no object, such as `null`, is answered with 500, and the client sends it again and again.
// Fails: JSON that is no object is refused as well
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: What does JavaScript do with `const { title } = null`?
import { z } from "zod";
import type { Boards } from "../../../../shared/board.ts";
import { Refusal } from "../../../../shared/refusal.ts";

interface Issue {
  readonly path: string;
  readonly message: string;
}

const newTask = z.object({
  listId: z.string(),
  title: z.string().trim().min(1).max(200),
});

export function createTaskApi(boards: Pick<Boards, "createTask">) {
  async function createTask(request: Request): Promise<Response> {
    let body: unknown;
    try {
      body = await request.json();
    } catch {
      return refuse(400, "bad_json", "The body is not JSON.");
    }
    const { listId, title } = body as Record<string, unknown>;
    const task = newTask.safeParse({ listId, title });
    if (!task.success) {
      const issues = task.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
      return refuse(400, "bad_input", "The request is not valid: see the issues.", issues);
    }
    const event = boards.createTask("alice", task.data);
    if (event instanceof Refusal) return event.toResponse();
    return Response.json(event.data.task, { status: 201 });
  }

  return {
    async fetch(request: Request): Promise<Response> {
      try {
        return await createTask(request);
      } catch {
        return refuse(500, "internal", "Something went wrong on the server.");
      }
    },
  };
}

function refuse(status: number, code: string, message: string, issues?: readonly Issue[]): Response {
  return Response.json({ error: { code, message, ...(issues && { issues }) } }, { status });
}
