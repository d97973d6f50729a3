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
  // TODO: Take the blanks around the title off, and let it have 1 to 200 characters.
  title: z.string(),
});

/** Answers `POST /tasks`. Every refusal has the body `{ error: { code, message, issues? } }`. */
export function createTaskApi(boards: Pick<Boards, "createTask">) {
  async function createTask(request: Request): Promise<Response> {
    // TODO: Answer a body that is not JSON.
    const body = await request.json();
    // TODO: Answer fields that are not valid.
    const task = newTask.parse(body);
    const event = boards.createTask("alice", task);
    // TODO: Answer what the board refuses.
    if (event instanceof Refusal) throw new Error(event.message);
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
