// Fields that are not valid are answered as bad JSON: nobody learns what to correct.
// Fails: every field that is wrong is named
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: Two things can go wrong here, with two different answers. Which of them does your catch stand for?
import { z } from "zod";
import type { Boards } from "../../../../shared/board.ts";
import { Refusal } from "../../../../shared/refusal.ts";

const newTask = z.object({
  listId: z.string(),
  title: z.string().trim().min(1).max(200),
});

/** Answers `POST /tasks`. Every refusal has the body `{ error: { code, message, issues? } }`. */
export function createTaskApi(boards: Pick<Boards, "createTask">) {
  async function createTask(request: Request): Promise<Response> {
    let task: z.infer<typeof newTask>;
    try {
      task = newTask.parse(await request.json());
    } catch {
      return refuse(400, "bad_json", "The body is not JSON.");
    }
    const event = boards.createTask("alice", task);
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

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
