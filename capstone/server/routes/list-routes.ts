// The columns of a board.
import { route } from "@hectoday/http";
import { badInput } from "../../../shared/refusal.ts";
import { listName, listPlace, newList } from "../../board/commands.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { boardParams, list, listParams, nothing } from "../schemas.ts";
import type { Store } from "../store/store.ts";
import { runCommand } from "./run-command.ts";

export function listRoutes(store: Store): ApiRoute[] {
  return [
    documented(
      route.post("/boards/:boardId/lists", {
        request: { params: boardParams, body: newList },
        response: { 201: list },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          return runCommand(store, c, { type: "create_list", boardId, list: c.input.body });
        },
      }),
      {
        summary: "Make a list",
        details: "At the right end, unless it says next to which other list.",
        tag: "Lists",
        isCommand: true,
        refusals: { 409: "exists, limit_reached" },
      },
    ),

    documented(
      route.patch("/lists/:listId", {
        request: { params: listParams, body: listName },
        response: { 200: list },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { listId } = c.input.params;
          return runCommand(store, c, { type: "rename_list", listId, list: c.input.body });
        },
      }),
      { summary: "Rename a list", tag: "Lists", isCommand: true, refusals: { 410: "gone" } },
    ),

    documented(
      route.patch("/lists/:listId/move", {
        request: { params: listParams, body: listPlace },
        response: { 200: list },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { listId } = c.input.params;
          return runCommand(store, c, { type: "move_list", listId, place: c.input.body });
        },
      }),
      { summary: "Move a list", tag: "Lists", isCommand: true, refusals: { 410: "gone" } },
    ),

    documented(
      route.delete("/lists/:listId", {
        request: { params: listParams },
        response: { 204: nothing },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          return runCommand(store, c, { type: "delete_list", listId: c.input.params.listId });
        },
      }),
      {
        summary: "Delete a list",
        details: "Its tasks go with it. It can be undone.",
        tag: "Lists",
        isCommand: true,
        refusals: { 410: "gone" },
      },
    ),
  ];
}
