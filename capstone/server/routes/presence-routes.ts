// Grows ../../../chapters/09-presence/presence-routes.ts: presence for clients without a socket, over an asynchronous store.
import { route } from "@hectoday/http";
import { z } from "zod";
import type { BoardPresence } from "../../../chapters/09-presence/board-presence.ts";
import { badInput } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { userOf } from "../auth/auth.ts";
import { json, noContent } from "../json.ts";
import { boardParams, nothing, presence } from "../schemas.ts";
import type { Store } from "../store/store.ts";
import { refuseUnlessMember } from "./membership.ts";

const leaseParams = boardParams.extend({
  leaseId: z
    .string()
    .regex(/^[\w-]{8,64}$/)
    .describe("Chosen by the client, one for each of its tabs"),
});

const lease = z
  .strictObject({ typing: z.strictObject({ taskId: z.string().min(1).max(64).optional() }).optional() })
  .optional();

export function presenceRoutes(store: Store, people: BoardPresence): ApiRoute[] {
  /** Of this user alone: nobody can prolong, or end, what is somebody else's. */
  const connectionOf = (userId: string, leaseId: string) => `${userId} ${leaseId}`;

  async function answer(boardId: string): Promise<Response> {
    const { users, typing } = await people.ask(boardId);
    return json({ users, typing }, 200, { "cache-control": "no-store" });
  }

  return [
    documented(
      route.get("/boards/:boardId/presence", {
        request: { params: boardParams },
        response: { 200: presence },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          return (await refuseUnlessMember(store, userOf(c), boardId)) ?? answer(boardId);
        },
      }),
      { summary: "See who is on a board, and who is typing", tag: "Following" },
    ),

    documented(
      route.put("/boards/:boardId/presence/:leaseId", {
        request: { params: leaseParams, body: lease },
        response: { 200: presence },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId, leaseId } = c.input.params;
          const userId = userOf(c);
          const refused = await refuseUnlessMember(store, userId, boardId);
          if (refused) return refused;
          const connectionId = connectionOf(userId, leaseId);
          people.refresh(boardId, connectionId, userId);
          const { typing } = c.input.body ?? {};
          if (typing) people.type(boardId, connectionId, userId, typing.taskId);
          else people.stopTyping(connectionId);
          return answer(boardId);
        },
      }),
      {
        summary: "Say that you are here",
        details: "Every 10 s, for a client without a socket. It holds for 30 s.",
        tag: "Following",
      },
    ),

    documented(
      route.delete("/boards/:boardId/presence/:leaseId", {
        request: { params: leaseParams },
        response: { 204: nothing },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId, leaseId } = c.input.params;
          people.leave(boardId, connectionOf(userOf(c), leaseId));
          return noContent();
        },
      }),
      { summary: "Say that you have gone", tag: "Following" },
    ),
  ];
}
