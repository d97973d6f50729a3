import { route, setup } from "@hectoday/http";
import { z } from "zod";
import {
  newTask,
  taskChange,
  taskMove,
  taskParams,
} from "../../../chapters/00-request-response/task-routes.ts";
import type { BoardBus } from "../../../chapters/08-pub-sub/board-topics.ts";
import type { Boards } from "../../../shared/board.ts";
import type { Database } from "../../../shared/database.ts";
import type { BoardEvent } from "../../../shared/events.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../../shared/refusal.ts";
import { inTransaction } from "../../../shared/transaction.ts";

export interface AppOptions {
  readonly database: Database;
  readonly boards: Boards;
  /** `bus.announce(event)` tells all who have called `bus.subscribe("board:*", name, handler)`, and waits for nobody. */
  readonly bus: BoardBus;
  readonly streams: { publish(event: BoardEvent): void };
  readonly sockets: { publish(event: BoardEvent): void };
  /** Sends it to another server, and can take long. */
  readonly webhooks: { deliver(event: BoardEvent): Promise<void> };
}

const batch = z.object({ tasks: z.array(newTask).min(1).max(20) });

/**
 * The routes that change tasks.
 * @returns the app, and `close`, which ends the subscriptions of the three consumers
 */
export function createApp({ database, boards, bus, streams, sockets, webhooks }: AppOptions) {
  const ends = [
    bus.subscribe("board:*", "streams", streams.publish),
    bus.subscribe("board:*", "sockets", sockets.publish),
    // It returns a promise, and the bus does not wait for it.
    bus.subscribe("board:*", "webhooks", webhooks.deliver),
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
              // Undoes the tasks before it.
              if (event instanceof Refusal) throw event;
              return event;
            }),
          );
          if (events instanceof Refusal) return events.toResponse();
          // Not before: what was announced cannot be taken back, and the transaction could.
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
    // Each ends its own: others may be on the same bus.
    for (const end of ends) end();
  }

  return { ...app, close };
}

function userOf(request: Request): string {
  return request.headers.get("x-user") ?? "alice";
}
