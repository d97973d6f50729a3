import { type Context, group, route } from "@hectoday/http";
import { z } from "zod";
import type { Boards } from "../../shared/board.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { badInput, Refusal } from "../../shared/refusal.ts";

const id = z.string().regex(/^[\w-]{1,64}$/, "An id is 1 to 64 letters, digits, _ or -");
const title = z.string().trim().min(1).max(200);
const description = z.string().max(10_000);

export const taskParams = z.object({ taskId: id });

export const newTask = z.object({
  id: id.optional(),
  listId: id,
  title,
  description: description.optional(),
  assigneeId: id.nullish(),
});

export const taskChange = z
  .object({
    title: title.optional(),
    description: description.optional(),
    assigneeId: id.nullish(),
    version: z.int().positive().optional(),
  })
  .refine(({ version, ...change }) => Object.values(change).some((value) => value !== undefined), {
    message: "Nothing to change: send a title, a description or an assigneeId",
  });

export const taskMove = z.object({ listId: id, afterId: id.optional(), beforeId: id.optional() });

/** What can be done to tasks. */
export type TaskChanges = Pick<Boards, "createTask" | "updateTask" | "moveTask" | "deleteTask">;

/**
 * The REST routes that change tasks. They answer when the change and its event are committed.
 *
 * @param onEvent is told of every change after its commit; later chapters pass it on to whoever is listening
 * @param userOf who makes the change
 */
export function taskRoutes(
  boards: TaskChanges,
  onEvent: (event: BoardEvent) => void = () => {},
  userOf: (c: Pick<Context, "request" | "locals">) => string = claimedUser,
) {
  /** Answers a change: a refusal as it is, an event with what `respond` makes of it. */
  function answer<E extends BoardEvent>(result: E | Refusal, respond: (event: E) => Response): Response {
    if (result instanceof Refusal) return result.toResponse();
    onEvent(result);
    return respond(result);
  }

  return group([
    route.post("/tasks", {
      request: { body: newTask },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const event = boards.createTask(userOf(c), c.input.body);
        return answer(event, ({ data }) => Response.json(data.task, { status: 201 }));
      },
    }),

    route.patch("/tasks/:taskId", {
      request: { params: taskParams, body: taskChange },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const event = boards.updateTask(userOf(c), c.input.params.taskId, c.input.body);
        return answer(event, ({ data }) => Response.json(data.task));
      },
    }),

    route.patch("/tasks/:taskId/move", {
      request: { params: taskParams, body: taskMove },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const event = boards.moveTask(userOf(c), c.input.params.taskId, c.input.body);
        return answer(event, ({ data }) => Response.json(data.task));
      },
    }),

    route.delete("/tasks/:taskId", {
      request: { params: taskParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const event = boards.deleteTask(userOf(c), c.input.params.taskId);
        return answer(event, () => new Response(null, { status: 204 }));
      },
    }),
  ]);
}

/** Who the request says it is from: a claim, of which only the user's existence is checked. Chapter 06 replaces it. */
function claimedUser({ request }: Pick<Context, "request">): string {
  return request.headers.get("x-user") ?? "alice";
}
