// A board as a file, and a new board out of one.
import { randomUUID } from "node:crypto";
import { type Context, route } from "@hectoday/http";
import { z } from "zod";
import { createTurns } from "../../../chapters/06-auth/turns.ts";
import { BodyTooLarge, readText } from "../../../shared/hectoday-http/read-text.ts";
import { badInput, errorResponse, Refusal } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { type Auth, tooMany, userOf } from "../auth/auth.ts";
import { json } from "../json.ts";
import { boardParams } from "../schemas.ts";
import { boardExport, toExport } from "../store/board-export.ts";
import type { BoardExport, Store } from "../store/store.ts";
import { isTooDeep } from "./json-depth.ts";
import { compressed } from "./large-answer.ts";
import { refuseUnlessMember } from "./membership.ts";

/** The largest file, in bytes. A board with everything at its limits is larger, and nobody has one. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

export function exportRoutes(store: Store, auth: Pick<Auth, "more" | "charge">): ApiRoute[] {
  // A file of 10 MiB is ten times as much once it is parsed, and nobody else is served while it is written.
  const turns = createTurns(1, 5);
  return [
    documented(
      route.get("/boards/:boardId/export", {
        request: { params: boardParams },
        response: { 200: boardExport },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const userId = userOf(c);
          const refused = await refuseUnlessMember(store, userId, boardId);
          if (refused) return refused;
          const waitMs = auth.more.searches.take(userId);
          if (waitMs > 0) return tooMany(waitMs);
          const found = await store.snapshot(boardId);
          if (found instanceof Refusal) return found.toResponse();
          const name = fileName(found.board.name);
          return compressed(c.request, toExport(found), (bytes) => auth.charge(userId, bytes), {
            "content-disposition": `attachment; filename="${name}"`,
          });
        },
      }),
      {
        summary: "Download a board as a file",
        details: "What is on it, without its log.",
        tag: "Boards",
      },
    ),

    documented(
      route.post("/boards/import", {
        response: { 201: z.object({ id: z.string() }) },
        resolve: async (c) => {
          const userId = userOf(c);
          const waitMs = auth.more.imports.take(userId);
          if (waitMs > 0) return tooMany(waitMs);
          const text = await readBody(c);
          if (text instanceof Response) return text;
          return (await turns.take(() => importFile(store, userId, text))) ?? tooBusy();
        },
      }),
      {
        summary: "Make a new board out of a file",
        details: "With new ids, and you as its owner. At most 10 MiB.",
        tag: "Boards",
        body: boardExport,
        refusals: { 400: "invalid", 409: "limit_reached", 503: "busy" },
      },
    ),
  ];
}

/** The body has a limit of its own, so the route reads it by itself. */
async function readBody({ request }: Pick<Context, "request">): Promise<string | Response> {
  try {
    return await readText(request, MAX_FILE_BYTES);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    return errorResponse(413, "body_too_large", error.message);
  }
}

async function importFile(store: Store, userId: string, text: string): Promise<Response> {
  const file = parseFile(text);
  if (file instanceof Response) return file;
  const id = randomUUID();
  const made = await store.importBoard(userId, id, file);
  if (made instanceof Refusal) return made.toResponse();
  return json({ id }, 201, { "board-seq": String(made.seq) });
}

function parseFile(text: string): BoardExport | Response {
  if (isTooDeep(text)) return notAFile("It is nested too deeply.");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return notAFile("It is not valid JSON.");
  }
  const parsed = boardExport.safeParse(value);
  if (parsed.success) return value as BoardExport;
  // A file can have thousands of mistakes; the first ones tell what is wrong with it.
  const issues = parsed.error.issues.slice(0, 20).map(({ path, message, code }) => ({
    part: "body" as const,
    path: path.map(String),
    message,
    code,
  }));
  return badInput(issues);
}

function tooBusy(): Response {
  return errorResponse(503, "busy", "Others are importing: try again.");
}

function notAFile(message: string): Response {
  return badInput([{ part: "body", path: [], message, code: "invalid_json" }]);
}

/** Letters, digits and dashes: nothing that means something in a header or in a path. */
function fileName(boardName: string): string {
  const plain = boardName
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return `${plain.toLowerCase().slice(0, 60) || "board"}.json`;
}
