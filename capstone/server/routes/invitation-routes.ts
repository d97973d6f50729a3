// Invitations: whoever has the link can join. The link is shown once; the store has only its hash.
import { randomUUID } from "node:crypto";
import { route } from "@hectoday/http";
import { z } from "zod";
import { badInput, errorResponse } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { type Auth, tooMany, userOf } from "../auth/auth.ts";
import { hashSecret, newSecret } from "../auth/secrets.ts";
import { answered, json, noContent } from "../json.ts";
import { boardParams, invitation, member, nothing } from "../schemas.ts";
import type { Invitation, Store } from "../store/store.ts";
import { refuseUnlessOwner } from "./membership.ts";

const HOUR = 3_600_000;

const newInvitation = z
  .strictObject({
    role: z.enum(["editor", "viewer"]).default("editor"),
    expiresInHours: z.int().min(1).max(720).default(168),
  })
  .default({ role: "editor", expiresInHours: 168 });

const oneInvitation = boardParams.extend({ invitationId: z.string().min(1).max(64) });
const tokenParams = z.object({ token: z.string().min(1).max(100) });

export function invitationRoutes(
  store: Store,
  auth: Pick<Auth, "more" | "addressOfRequest">,
  now: () => number,
): ApiRoute[] {
  const describe = ({ id, role, createdBy, expiresAt }: Invitation) => ({
    id,
    role,
    createdBy,
    expiresAt: new Date(expiresAt).toISOString(),
  });

  return [
    documented(
      route.post("/boards/:boardId/invitations", {
        request: { params: boardParams, body: newInvitation },
        response: { 201: invitation.extend({ token: z.string().describe("Shown once: /invite/TOKEN") }) },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const userId = userOf(c);
          const { role, expiresInHours } = c.input.body;
          const token = newSecret(24);
          const invited: Invitation = {
            id: randomUUID(),
            boardId: c.input.params.boardId,
            role,
            createdBy: userId,
            expiresAt: now() + expiresInHours * HOUR,
          };
          const refused = await store.createInvitation(userId, invited, hashSecret(token));
          return refused?.toResponse() ?? json({ ...describe(invited), token }, 201);
        },
      }),
      {
        summary: "Make a link by which somebody can join",
        details: "Owners only. It can be used until it expires or is withdrawn.",
        tag: "Members",
        refusals: { 409: "limit_reached" },
      },
    ),

    documented(
      route.get("/boards/:boardId/invitations", {
        request: { params: boardParams },
        response: { 200: z.object({ invitations: z.array(invitation) }) },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const refused = await refuseUnlessOwner(store, userOf(c), boardId);
          if (refused) return refused;
          const all = await store.invitationsOf(boardId, now());
          return json({ invitations: all.map(describe) });
        },
      }),
      { summary: "List the invitations that are open", details: "Owners only.", tag: "Members" },
    ),

    documented(
      route.delete("/boards/:boardId/invitations/:invitationId", {
        request: { params: oneInvitation },
        response: { 204: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId, invitationId } = c.input.params;
          const refused = await refuseUnlessOwner(store, userOf(c), boardId);
          if (refused) return refused;
          return (await store.deleteInvitation(boardId, invitationId)) ? noContent() : noSuchInvitation();
        },
      }),
      { summary: "Withdraw an invitation", details: "Owners only.", tag: "Members" },
    ),

    documented(
      route.get("/invitations/:token", {
        request: { params: tokenParams },
        response: {
          200: z.object({
            boardName: z.string(),
            inviterName: z.string(),
            role: z.enum(["editor", "viewer"]),
            expiresAt: z.iso.datetime(),
          }),
        },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const waitMs = auth.more.guesses.take(auth.addressOfRequest(c.request));
          if (waitMs > 0) return tooMany(waitMs);
          const found = await store.invitationByHash(hashSecret(c.input.params.token), now());
          if (!found) return noSuchInvitation();
          const { boardName, inviterName, role } = found;
          const expiresAt = new Date(found.expiresAt).toISOString();
          return json({ boardName, inviterName, role, expiresAt }, 200, { "cache-control": "no-store" });
        },
      }),
      {
        summary: "See what an invitation is to",
        details: "For whoever has the link, with or without an account.",
        tag: "Members",
        access: "anybody",
        refusals: { 404: "not_found" },
      },
    ),

    documented(
      route.post("/invitations/:token/accept", {
        request: { params: tokenParams },
        response: { 200: member.extend({ boardId: z.string() }) },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const waitMs = auth.more.guesses.take(auth.addressOfRequest(c.request));
          if (waitMs > 0) return tooMany(waitMs);
          const hash = hashSecret(c.input.params.token);
          return answered(await store.acceptInvitation(userOf(c), hash, now()));
        },
      }),
      {
        summary: "Join a board by invitation",
        details: "For somebody who is a member already, nothing changes.",
        tag: "Members",
        refusals: { 409: "limit_reached" },
      },
    ),
  ];
}

/** The same for one that has expired, was withdrawn, or never was. */
function noSuchInvitation(): Response {
  return errorResponse(404, "not_found", "There is no such invitation, or it has expired.");
}
