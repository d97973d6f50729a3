// Grows ../00-request-response/task-routes.ts: a request can carry a key, and is then carried out once however often it comes.
import { type Context, group, route } from "@hectoday/http";
import { badInput, errorResponse } from "../../shared/refusal.ts";
import { newTask, taskChange, taskMove, taskParams } from "../00-request-response/task-routes.ts";
import { type Command, type Commands, commandKey } from "./commands.ts";

/** @param userOf who sends the command */
export function commandRoutes(commands: Commands, userOf: (c: Pick<Context, "locals">) => string) {
  function run(c: Pick<Context, "request" | "locals">, command: Command): Response {
    const key = c.request.headers.get("idempotency-key") ?? undefined;
    if (key !== undefined && !commandKey.safeParse(key).success) {
      return errorResponse(400, "bad_key", "An Idempotency-Key is 16 to 64 letters, digits, _ or -.");
    }
    const { status, body } = commands.run(userOf(c), key, command);
    return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
  }

  return group([
    route.post("/tasks", {
      request: { body: newTask },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        return run(c, { type: "create_task", task: c.input.body });
      },
    }),

    route.patch("/tasks/:taskId", {
      request: { params: taskParams, body: taskChange },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        return run(c, { type: "update_task", taskId: c.input.params.taskId, change: c.input.body });
      },
    }),

    route.patch("/tasks/:taskId/move", {
      request: { params: taskParams, body: taskMove },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        return run(c, { type: "move_task", taskId: c.input.params.taskId, place: c.input.body });
      },
    }),

    route.delete("/tasks/:taskId", {
      request: { params: taskParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        return run(c, { type: "delete_task", taskId: c.input.params.taskId });
      },
    }),
  ]);
}
