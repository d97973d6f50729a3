// Personal API tokens: for programs that act for somebody. A token is shown once; the store has only its hash.
import { randomUUID } from "node:crypto";
import { route } from "@hectoday/http";
import { z } from "zod";
import { badInput, errorResponse } from "../../../shared/refusal.ts";
import { ACCOUNT } from "../../board/limits.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { type Auth, ownSessionOf } from "../auth/auth.ts";
import { sessionIdOfToken, TOKEN_PREFIX } from "../auth/credentials.ts";
import { hashSecret, newSecret } from "../auth/secrets.ts";
import { json, noContent } from "../json.ts";
import { apiToken, nothing, scope } from "../schemas.ts";
import type { ApiToken, Store } from "../store/store.ts";

const newToken = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(ACCOUNT.tokenName)
    .regex(/^[^\p{Cc}]*$/u, "One line, without control characters")
    .describe("What it is for"),
  scope: scope.default("read"),
});

const tokenParams = z.object({ tokenId: z.string().min(1).max(64) });

export function tokenRoutes(store: Store, auth: Pick<Auth, "permissions">, now: () => number): ApiRoute[] {
  return [
    documented(
      route.post("/tokens", {
        request: { body: newToken },
        response: { 201: apiToken.extend({ token: z.string().describe("Shown once") }) },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { userId } = ownSessionOf(c);
          const secret = `${TOKEN_PREFIX}${newSecret(32)}`;
          const token: ApiToken = {
            id: randomUUID(),
            userId,
            ...c.input.body,
            createdAt: now(),
            lastUsedAt: null,
          };
          const refused = await store.createToken(token, hashSecret(secret));
          return refused?.toResponse() ?? json({ ...describe(token), token: secret }, 201, PRIVATE);
        },
      }),
      {
        summary: "Make an API token",
        details: "It is shown this once. Scope `read` can change nothing.",
        tag: "Accounts",
        access: "session",
        refusals: { 409: "limit_reached" },
      },
    ),

    documented(
      route.get("/tokens", {
        response: { 200: z.object({ tokens: z.array(apiToken) }) },
        resolve: async (c) => {
          const tokens = await store.tokensOf(ownSessionOf(c).userId);
          return json({ tokens: tokens.map(describe) }, 200, PRIVATE);
        },
      }),
      { summary: "List your API tokens", tag: "Accounts", access: "session" },
    ),

    documented(
      route.delete("/tokens/:tokenId", {
        request: { params: tokenParams },
        response: { 204: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { userId } = ownSessionOf(c);
          const { tokenId } = c.input.params;
          if (!(await store.deleteToken(userId, tokenId))) {
            return errorResponse(404, "not_found", "There is no such token.");
          }
          auth.permissions.endSession(sessionIdOfToken(userId, tokenId));
          return noContent();
        },
      }),
      {
        summary: "Delete an API token",
        details: "Whatever is open under it ends at once.",
        tag: "Accounts",
        access: "session",
      },
    ),
  ];
}

function describe({ id, name, scope, createdAt, lastUsedAt }: ApiToken) {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return { id, name, scope, createdAt: at(createdAt), lastUsedAt: at(lastUsedAt) };
}

const PRIVATE = { "cache-control": "no-store" };
