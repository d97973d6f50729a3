// Grows ../../../chapters/06-auth/member-routes.ts: letting people in, another role, and showing them the door.
import { route } from "@hectoday/http";
import { z } from "zod";
import { badInput } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { boardParams, member, memberParams, nothing, role } from "../schemas.ts";
import type { Store } from "../store/store.ts";
import { runCommand } from "./run-command.ts";

const newMember = z.strictObject({ userId: z.string().min(1).max(64), role: role.default("editor") });

export function memberRoutes(store: Store): ApiRoute[] {
  return [
    documented(
      route.post("/boards/:boardId/members", {
        request: { params: boardParams, body: newMember },
        response: { 201: member },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          return runCommand(store, c, { type: "add_member", boardId, ...c.input.body });
        },
      }),
      {
        summary: "Add a member",
        details: "Owners only. Somebody without an account needs an invitation.",
        tag: "Members",
        isCommand: true,
        refusals: { 409: "exists, limit_reached" },
      },
    ),

    documented(
      route.patch("/boards/:boardId/members/:userId", {
        request: { params: memberParams, body: z.strictObject({ role }) },
        response: { 200: member },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId, userId } = c.input.params;
          return runCommand(store, c, { type: "change_member", boardId, userId, role: c.input.body.role });
        },
      }),
      {
        summary: "Give somebody another role",
        details: "Owners only; and a board keeps at least one owner.",
        tag: "Members",
        isCommand: true,
      },
    ),

    documented(
      route.delete("/boards/:boardId/members/:userId", {
        request: { params: memberParams },
        response: { 204: nothing },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId, userId } = c.input.params;
          return runCommand(store, c, { type: "remove_member", boardId, userId });
        },
      }),
      {
        summary: "Remove a member, or leave",
        details:
          "Whatever they have open on this board ends at once. When it is not they who leave, all invitations to the board are withdrawn.",
        tag: "Members",
        isCommand: true,
      },
    ),
  ];
}
