// The REST routes for webhooks: an owner says where the board's events go.
import { type Context, group, route } from "@hectoday/http";
import { z } from "zod";
import { badInput, errorResponse, Refusal } from "../../shared/refusal.ts";
import type { MembersOnly } from "../06-auth/members-only.ts";
import { whyForbidden } from "./public-request.ts";
import type { createWebhooks } from "./webhooks.ts";

const id = z.string().min(1).max(64);
const boardParams = z.object({ boardId: id });
const hookParams = z.object({ boardId: id, hookId: id });

export function webhookRoutes(
  webhooks: ReturnType<typeof createWebhooks>,
  members: Pick<MembersOnly, "refuseUnlessOwner">,
  userOf: (c: Pick<Context, "locals">) => string,
) {
  const newHook = z.object({
    url: z
      .string()
      .max(2_000)
      .superRefine((url, context) => {
        const reason = whyForbidden(url, webhooks.allowPrivate);
        if (reason) context.addIssue({ code: "custom", message: reason });
      }),
    secret: z.string().min(16).max(200),
  });

  return group([
    route.post("/boards/:boardId/webhooks", {
      request: { params: boardParams, body: newHook },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId } = c.input.params;
        const refused = members.refuseUnlessOwner(userOf(c), boardId);
        if (refused) return refused.toResponse();
        const hook = webhooks.add(boardId, c.input.body);
        return hook instanceof Refusal ? hook.toResponse() : Response.json(hook, { status: 201 });
      },
    }),

    route.get("/boards/:boardId/webhooks", {
      request: { params: boardParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId } = c.input.params;
        const refused = members.refuseUnlessOwner(userOf(c), boardId);
        return refused ? refused.toResponse() : Response.json({ webhooks: webhooks.list(boardId) });
      },
    }),

    route.patch("/boards/:boardId/webhooks/:hookId", {
      request: { params: hookParams, body: z.object({ enabled: z.literal(true) }) },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId, hookId } = c.input.params;
        const refused = members.refuseUnlessOwner(userOf(c), boardId);
        if (refused) return refused.toResponse();
        return webhooks.enable(boardId, hookId) ? new Response(null, { status: 204 }) : noSuchHook();
      },
    }),

    route.delete("/boards/:boardId/webhooks/:hookId", {
      request: { params: hookParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { boardId, hookId } = c.input.params;
        const refused = members.refuseUnlessOwner(userOf(c), boardId);
        if (refused) return refused.toResponse();
        return webhooks.remove(boardId, hookId) ? new Response(null, { status: 204 }) : noSuchHook();
      },
    }),
  ]);
}

function noSuchHook(): Response {
  return errorResponse(404, "not_found", "There is no such webhook.");
}
