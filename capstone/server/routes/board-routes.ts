// Boards as a whole.
import { randomUUID } from "node:crypto";
import { route } from "@hectoday/http";
import { z } from "zod";
import { badInput, Refusal } from "../../../shared/refusal.ts";
import { boardName, id, undoneEvent } from "../../board/commands.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { type Auth, userOf } from "../auth/auth.ts";
import { json, noContent } from "../json.ts";
import type { Live } from "../live/live.ts";
import { boardParams, boardSummary, event, events, nothing, snapshot } from "../schemas.ts";
import type { BoardSummary, Store } from "../store/store.ts";
import { compressed } from "./large-answer.ts";
import { refuseUnlessMember } from "./membership.ts";
import { runCommand } from "./run-command.ts";

const newBoard = boardName.extend({ id: id.optional() });

const activityQuery = z.strictObject({
  before: z.coerce.number().int().positive().optional().describe("A seq: only events before it"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function boardRoutes(store: Store, auth: Pick<Auth, "charge">, live: Pick<Live, "look">): ApiRoute[] {
  return [
    documented(
      route.get("/boards", {
        response: { 200: z.object({ boards: z.array(boardSummary) }) },
        resolve: async (c) => json({ boards: await store.boardsOf(userOf(c)) }),
      }),
      { summary: "List the boards on which you are a member", tag: "Boards" },
    ),

    documented(
      route.post("/boards", {
        request: { body: newBoard },
        response: { 201: boardSummary },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { name, id = randomUUID() } = c.input.body;
          const made = await store.createBoard(userOf(c), { id, name });
          if (made instanceof Refusal) return made.toResponse();
          const board: BoardSummary = { id, name, role: "owner", tasks: 0, members: 1, seq: made.seq };
          return json(board, 201, { "board-seq": String(made.seq) });
        },
      }),
      {
        summary: "Make a board",
        details:
          "You are its owner. Whoever chooses the id can repeat the request: the second time it is 409.",
        tag: "Boards",
        refusals: { 409: "exists, limit_reached" },
      },
    ),

    documented(
      route.get("/boards/:boardId", {
        request: { params: boardParams },
        response: { 200: snapshot },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const refused = await refuseUnlessMember(store, userOf(c), boardId);
          if (refused) return refused;
          const found = await store.snapshot(boardId);
          if (found instanceof Refusal) return found.toResponse();
          return compressed(c.request, found, (bytes) => auth.charge(userOf(c), bytes));
        },
      }),
      {
        summary: "Get a board",
        details:
          "Everything on it, and the seq it is true at: follow it from there. Compressed if the client accepts that.",
        tag: "Boards",
      },
    ),

    documented(
      route.patch("/boards/:boardId", {
        request: { params: boardParams, body: boardName },
        response: { 200: z.object({ id: z.string(), name: z.string() }) },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          return runCommand(store, c, { type: "rename_board", boardId, board: c.input.body });
        },
      }),
      { summary: "Rename a board", tag: "Boards", isCommand: true },
    ),

    documented(
      route.delete("/boards/:boardId", {
        request: { params: boardParams },
        response: { 204: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const refused = await store.deleteBoard(userOf(c), boardId);
          if (refused) return refused.toResponse();
          // Its log is gone too, so no event can say so.
          live.look(boardId);
          return noContent();
        },
      }),
      {
        summary: "Delete a board",
        details: "With everything on it and its log, for good. Owners only.",
        tag: "Boards",
      },
    ),

    documented(
      route.get("/boards/:boardId/activity", {
        request: { params: boardParams, query: activityQuery },
        response: { 200: events.omit({ seq: true }) },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const { before, limit } = c.input.query;
          const refused = await refuseUnlessMember(store, userOf(c), boardId);
          if (refused) return refused;
          const found = await store.eventsBefore(boardId, before, limit);
          const last = found.at(-1);
          // Large events come a few at a time: that there were fewer than asked for says nothing.
          const more = last !== undefined && (await store.eventsBefore(boardId, last.seq, 1)).length > 0;
          return compressed(c.request, { events: found, more }, (bytes) => auth.charge(userOf(c), bytes));
        },
      }),
      { summary: "Read what has happened on a board, newest first", tag: "Boards" },
    ),

    documented(
      route.post("/boards/:boardId/undo", {
        request: { params: boardParams, body: undoneEvent },
        response: { 200: z.object({ event }) },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          return runCommand(store, c, { type: "undo", boardId, undone: c.input.body });
        },
      }),
      {
        summary: "Take back one of your own events",
        details: "As a new event. Taking back that one does it again.",
        tag: "Boards",
        isCommand: true,
        refusals: { 409: "undo_conflict, cannot_undo", 410: "cursor_gone" },
      },
    ),
  ];
}
