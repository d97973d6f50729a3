// Presence for clients without a socket: they say every few seconds that they are there.
import { type Context, group, route } from "@hectoday/http";
import { z } from "zod";
import { badInput, Refusal } from "../../shared/refusal.ts";
import type { MembersOnly } from "../06-auth/members-only.ts";
import type { BoardPresence } from "./board-presence.ts";

const boardParams = z.object({ boardId: z.string().min(1).max(64) });
const leaseParams = boardParams.extend({ leaseId: z.string().regex(/^[\w-]{8,64}$/) });
const lease = z
  .object({ typing: z.object({ taskId: z.string().min(1).max(64).optional() }).optional() })
  .optional();

export function presenceRoutes(
  people: BoardPresence,
  members: MembersOnly,
  userOf: (c: Pick<Context, "locals">) => string,
) {
  /** Of this user alone: nobody can prolong, or end, what is somebody else's. */
  const connectionOf = (userId: string, leaseId: string) => `${userId} ${leaseId}`;

  async function answer(boardId: string): Promise<Response> {
    const { users, typing } = await people.ask(boardId);
    return Response.json({ users, typing }, { headers: { "cache-control": "no-store" } });
  }

  return group([
    route.get("/boards/:boardId/presence", {
      request: { params: boardParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId } = c.input.params;
        const head = members.readAs(userOf(c)).head(boardId);
        return head instanceof Refusal ? head.toResponse() : answer(boardId);
      },
    }),

    route.put("/boards/:boardId/presence/:leaseId", {
      request: { params: leaseParams, body: lease },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId, leaseId } = c.input.params;
        const userId = userOf(c);
        const head = members.readAs(userId).head(boardId);
        if (head instanceof Refusal) return head.toResponse();
        const connectionId = connectionOf(userId, leaseId);
        people.refresh(boardId, connectionId, userId);
        const { typing } = c.input.body ?? {};
        if (typing) people.type(boardId, connectionId, userId, typing.taskId);
        else people.stopTyping(connectionId);
        return answer(boardId);
      },
    }),

    route.delete("/boards/:boardId/presence/:leaseId", {
      request: { params: leaseParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId, leaseId } = c.input.params;
        people.leave(boardId, connectionOf(userOf(c), leaseId));
        return new Response(null, { status: 204 });
      },
    }),
  ]);
}
