// Grows ../../../chapters/08-pub-sub/webhook-routes.ts: over an asynchronous store.
import { route } from "@hectoday/http";
import { z } from "zod";
import { whyForbidden } from "../../../chapters/08-pub-sub/public-request.ts";
import { badInput, errorResponse, Refusal } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { userOf } from "../auth/auth.ts";
import { json, noContent } from "../json.ts";
import { boardParams, nothing, webhook } from "../schemas.ts";
import type { Store, Webhook } from "../store/store.ts";
import { newSecret, type Webhooks } from "../webhooks.ts";
import { refuseUnlessOwner } from "./membership.ts";

const hookParams = boardParams.extend({ webhookId: z.string().min(1).max(64) });

export function webhookRoutes(store: Store, webhooks: Webhooks): ApiRoute[] {
  const newHook = z.strictObject({
    url: z
      .string()
      .max(2_000)
      .superRefine((url, context) => {
        const reason = whyForbidden(url, webhooks.allowPrivate);
        if (reason) context.addIssue({ code: "custom", message: reason });
      }),
    secret: z
      .string()
      .min(16)
      .max(200)
      .optional()
      .describe("With which every delivery is signed. Without one, the server makes one"),
  });

  return [
    documented(
      route.post("/boards/:boardId/webhooks", {
        request: { params: boardParams, body: newHook },
        response: {
          201: webhook.extend({
            secret: z.string().optional().describe("One that the server has made: shown this once"),
          }),
        },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const refused = await refuseUnlessOwner(store, userOf(c), boardId);
          if (refused) return refused;
          const { url, secret: theirs } = c.input.body;
          const secret = theirs ?? newSecret();
          const hook = await webhooks.add(boardId, { url, secret });
          if (hook instanceof Refusal) return hook.toResponse();
          return json({ ...describe(hook), ...(theirs === undefined && { secret }) }, 201);
        },
      }),
      {
        summary: "Add a webhook",
        details: [
          "One POST for each event from now on, in order. Its body is the event; its headers are `webhook-id`, `webhook-timestamp` and",
          "`webhook-signature`, as https://www.standardwebhooks.com says, whose libraries check it. A secret that begins with `whsec_` is base64; any",
          "other is taken as text. An event is sent again, after waits of up to five minutes, until the answer is 2xx; so one may come twice, and",
          "`webhook-id` says which. After 300 failures in a row, or a 410, the webhook is turned off. Owners only.",
        ].join(" "),
        tag: "Webhooks",
        refusals: { 409: "limit_reached" },
      },
    ),

    documented(
      route.get("/boards/:boardId/webhooks", {
        request: { params: boardParams },
        response: { 200: z.object({ webhooks: z.array(webhook) }) },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const refused = await refuseUnlessOwner(store, userOf(c), boardId);
          return refused ?? json({ webhooks: (await store.webhooksOf(boardId)).map(describe) });
        },
      }),
      { summary: "List a board's webhooks", details: "Owners only.", tag: "Webhooks" },
    ),

    documented(
      route.patch("/boards/:boardId/webhooks/:webhookId", {
        request: { params: hookParams, body: z.strictObject({ enabled: z.literal(true) }) },
        response: { 204: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId, webhookId } = c.input.params;
          const refused = await refuseUnlessOwner(store, userOf(c), boardId);
          if (refused) return refused;
          return (await webhooks.enable(boardId, webhookId)) ? noContent() : noSuchHook();
        },
      }),
      {
        summary: "Turn a webhook on again",
        details:
          "It goes on where it was. A webhook is turned off (`disabledAt`) after 300 failures, or when its receiver answers 410.",
        tag: "Webhooks",
      },
    ),

    documented(
      route.delete("/boards/:boardId/webhooks/:webhookId", {
        request: { params: hookParams },
        response: { 204: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId, webhookId } = c.input.params;
          const refused = await refuseUnlessOwner(store, userOf(c), boardId);
          if (refused) return refused;
          return (await webhooks.remove(boardId, webhookId)) ? noContent() : noSuchHook();
        },
      }),
      { summary: "Delete a webhook", tag: "Webhooks" },
    ),
  ];
}

/** As its board's owners may see it: the secret is never shown again. */
function describe({ secret: _, disabledAt, ...hook }: Webhook) {
  return { ...hook, disabledAt: disabledAt === null ? null : new Date(disabledAt).toISOString() };
}

function noSuchHook(): Response {
  return errorResponse(404, "not_found", "There is no such webhook.");
}
