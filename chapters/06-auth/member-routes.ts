// The REST routes that let people in and show them the door.
import { type Context, group, route } from "@hectoday/http";
import { z } from "zod";
import type { BoardEvent } from "../../shared/events.ts";
import { badInput, Refusal } from "../../shared/refusal.ts";
import type { MembersOnly } from "./members-only.ts";

const id = z.string().min(1).max(64);
const boardParams = z.object({ boardId: id });
const memberParams = z.object({ boardId: id, userId: id });
const newMember = z.object({ userId: id, role: z.enum(["owner", "editor", "viewer"]).optional() });

/** @param onEvent is told of every change after its commit */
export function memberRoutes(
  members: Pick<MembersOnly, "addMember" | "removeMember">,
  onEvent: (event: BoardEvent) => void,
  userOf: (c: Pick<Context, "locals">) => string,
) {
  return group([
    route.post("/boards/:boardId/members", {
      request: { params: boardParams, body: newMember },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { userId, role = "editor" } = c.input.body;
        const event = members.addMember(userOf(c), c.input.params.boardId, { userId, role });
        if (event instanceof Refusal) return event.toResponse();
        onEvent(event);
        return Response.json(event.data.member, { status: 201 });
      },
    }),

    route.delete("/boards/:boardId/members/:userId", {
      request: { params: memberParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId, userId } = c.input.params;
        const event = members.removeMember(userOf(c), boardId, userId);
        if (event instanceof Refusal) return event.toResponse();
        onEvent(event);
        return new Response(null, { status: 204 });
      },
    }),
  ]);
}
