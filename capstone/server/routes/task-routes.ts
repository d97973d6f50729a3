// Tasks, and what is said about them.
import { route } from "@hectoday/http";
import { badInput } from "../../../shared/refusal.ts";
import { newComment, newTask, taskChange, taskPlace } from "../../board/commands.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { comment, commentParams, nothing, task, taskParams } from "../schemas.ts";
import type { Store } from "../store/store.ts";
import { runCommand } from "./run-command.ts";

export function taskRoutes(store: Store): ApiRoute[] {
  return [
    documented(
      route.post("/tasks", {
        request: { body: newTask },
        response: { 201: task },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          return runCommand(store, c, { type: "create_task", task: c.input.body });
        },
      }),
      {
        summary: "Make a task",
        details: "At the end of its list, unless it says next to which other task.",
        tag: "Tasks",
        isCommand: true,
        refusals: { 409: "exists, limit_reached" },
      },
    ),

    documented(
      route.patch("/tasks/:taskId", {
        request: { params: taskParams, body: taskChange },
        response: { 200: task },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { taskId } = c.input.params;
          return runCommand(store, c, { type: "update_task", taskId, change: c.input.body });
        },
      }),
      {
        summary: "Change a task",
        details:
          "What is not sent stays as it is. With `version`, a title or description that somebody else has changed since is not overwritten: 409, with both texts in `conflicts`.",
        tag: "Tasks",
        isCommand: true,
        refusals: { 409: "version_conflict, limit_reached", 410: "gone" },
      },
    ),

    documented(
      route.patch("/tasks/:taskId/move", {
        request: { params: taskParams, body: taskPlace },
        response: { 200: task },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { taskId } = c.input.params;
          return runCommand(store, c, { type: "move_task", taskId, place: c.input.body });
        },
      }),
      {
        summary: "Move a task",
        details: "To another list, or within its own. Never by an index: next to which other task.",
        tag: "Tasks",
        isCommand: true,
        refusals: { 410: "gone" },
      },
    ),

    documented(
      route.delete("/tasks/:taskId", {
        request: { params: taskParams },
        response: { 204: nothing },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          return runCommand(store, c, { type: "delete_task", taskId: c.input.params.taskId });
        },
      }),
      {
        summary: "Delete a task",
        details: "Its comments go with it. It can be undone.",
        tag: "Tasks",
        isCommand: true,
        refusals: { 410: "gone" },
      },
    ),

    documented(
      route.post("/tasks/:taskId/comments", {
        request: { params: taskParams, body: newComment },
        response: { 201: comment },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { taskId } = c.input.params;
          return runCommand(store, c, { type: "add_comment", taskId, comment: c.input.body });
        },
      }),
      {
        summary: "Comment on a task",
        tag: "Tasks",
        isCommand: true,
        refusals: { 409: "exists, limit_reached", 410: "gone" },
      },
    ),

    documented(
      route.delete("/comments/:commentId", {
        request: { params: commentParams },
        response: { 204: nothing },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          return runCommand(store, c, { type: "delete_comment", commentId: c.input.params.commentId });
        },
      }),
      {
        summary: "Delete a comment",
        details: "One's own; owners of the board may delete every comment.",
        tag: "Tasks",
        isCommand: true,
        refusals: { 410: "gone" },
      },
    ),
  ];
}
