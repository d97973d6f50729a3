import { z } from "zod";
import type { Boards } from "../../../shared/board.ts";
import { Refusal } from "../../../shared/refusal.ts";

/** What is wrong with one field. */
interface Issue {
  /** The field's name; `""` when the body is not an object at all. */
  readonly path: string;
  /** A sentence for people. */
  readonly message: string;
}

const newTask = z.object({
  listId: z.string(),
  // In this order: the length that counts is that of what is stored.
  title: z.string().trim().min(1).max(200),
});

/** Answers `POST /tasks`. Every refusal has the body `{ error: { code, message, issues? } }`. */
export function createTaskApi(boards: Pick<Boards, "createTask">) {
  async function createTask(request: Request): Promise<Response> {
    let body: unknown;
    try {
      // Nothing else is in here: what throws further down is not the client's mistake.
      body = await request.json();
    } catch {
      // The parser's own message quotes what was sent, and is another one in each version of Node.
      return refuse(400, "bad_json", "The body is not JSON.");
    }
    const task = newTask.safeParse(body);
    if (!task.success) {
      const issues = task.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
      return refuse(400, "bad_input", "The request is not valid: see the issues.", issues);
    }
    const event = boards.createTask("alice", task.data);
    // The board knows best which status its refusal has.
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
