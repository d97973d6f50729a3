// Finding tasks on all boards of a user.
import { route } from "@hectoday/http";
import { z } from "zod";
import { badInput } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { type Auth, tooMany, userOf } from "../auth/auth.ts";
import { task } from "../schemas.ts";
import type { Store } from "../store/store.ts";
import { compressed } from "./large-answer.ts";

const search = z.strictObject({
  text: z.string().max(200).optional().describe("Words that all have to be in it, whatever their case"),
  boardId: z.string().min(1).max(64).optional(),
  assigneeId: z.string().min(1).max(64).optional(),
  label: z.string().min(1).max(64).optional(),
  dueBy: z.iso.date().optional().describe("Due on this day or before"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function searchRoutes(store: Store, auth: Pick<Auth, "more" | "charge">): ApiRoute[] {
  return [
    documented(
      route.get("/search", {
        request: { query: search },
        response: { 200: z.object({ tasks: z.array(z.object({ boardId: z.string(), task })) }) },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const userId = userOf(c);
          const waitMs = auth.more.searches.take(userId);
          if (waitMs > 0) return tooMany(waitMs);
          const tasks = await store.search(userId, c.input.query);
          return compressed(c.request, { tasks }, (bytes) => auth.charge(userId, bytes));
        },
      }),
      {
        summary: "Find tasks on your boards",
        details: "By words, assignee, label and due date; all that is given has to be true.",
        tag: "Tasks",
      },
    ),
  ];
}
