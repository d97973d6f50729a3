// The path of an issue is a list, as zod has it, and not the field's name: a form that looks for the issue of its field finds none.
// Fails: every field that is wrong is named
// Lesson: chapters/00-request-response/README.md#what-goes-over-the-wire
// Hint: The README says what an issue looks like here. Its path is a text.
import { z } from "zod";
import type { Boards } from "../../../../shared/board.ts";
import { Refusal } from "../../../../shared/refusal.ts";

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
    const task = newTask.safeParse(body);
    if (!task.success) {
      const issues = task.error.issues;
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

function refuse(
  status: number,
  code: string,
  message: string,
  issues?: readonly z.core.$ZodIssue[],
): Response {
  return Response.json({ error: { code, message, ...(issues && { issues }) } }, { status });
}
