// The consumers are subscribed to one board: whoever works on another one sees no change until they reload.
// Fails: the changes of every board are heard
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: How many boards are there, and what does the topic of all of them look like?
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import {
  newTask,
  taskChange,
  taskMove,
  taskParams,
} from "../../../../chapters/00-request-response/task-routes.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../../../shared/refusal.ts";
import { inTransaction } from "../../../../shared/transaction.ts";
import type { AppOptions } from "../exercise.ts";

const batch = z.object({ tasks: z.array(newTask).min(1).max(20) });

export function createApp({ database, boards, bus, streams, sockets, webhooks }: AppOptions) {
  const ends = [
    bus.subscribe("board:board-1", "streams", streams.publish),
    bus.subscribe("board:board-1", "sockets", sockets.publish),
    bus.subscribe("board:board-1", "webhooks", webhooks.deliver),
  ];

  const app = setup({
    routes: [
      route.post("/tasks", {
        request: { body: newTask },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const event = boards.createTask(userOf(c.request), c.input.body);
          if (event instanceof Refusal) return event.toResponse();
          bus.announce(event);
          return Response.json(event.data.task, { status: 201 });
        },
      }),

      route.post("/tasks/batch", {
        request: { body: batch },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { tasks } = c.input.body;
          const events = inTransaction(database, () =>
            tasks.map((task) => {
              const event = boards.createTask(userOf(c.request), task);
              if (event instanceof Refusal) throw event;
              return event;
            }),
          );
          if (events instanceof Refusal) return events.toResponse();
          for (const event of events) bus.announce(event);
          return Response.json({ tasks: events.map(({ data }) => data.task) }, { status: 201 });
        },
      }),

      route.patch("/tasks/:taskId", {
        request: { params: taskParams, body: taskChange },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const event = boards.updateTask(userOf(c.request), c.input.params.taskId, c.input.body);
          if (event instanceof Refusal) return event.toResponse();
          bus.announce(event);
          return Response.json(event.data.task);
        },
      }),

      route.patch("/tasks/:taskId/move", {
        request: { params: taskParams, body: taskMove },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const event = boards.moveTask(userOf(c.request), c.input.params.taskId, c.input.body);
          if (event instanceof Refusal) return event.toResponse();
          bus.announce(event);
          return Response.json(event.data.task);
        },
      }),

      route.delete("/tasks/:taskId", {
        request: { params: taskParams },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const event = boards.deleteTask(userOf(c.request), c.input.params.taskId);
          if (event instanceof Refusal) return event.toResponse();
          bus.announce(event);
          return new Response(null, { status: 204 });
        },
      }),
    ],
    onNotFound: answerNotFound,
    onError: answerError,
  });

  function close(): void {
    for (const end of ends) end();
  }

  return { ...app, close };
}

function userOf(request: Request): string {
  return request.headers.get("x-user") ?? "alice";
}
