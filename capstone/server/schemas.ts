// What the answers look like. Nothing is checked against these at run time: they are the documentation, and a test holds the
// answers to them.
import { z } from "zod";
import { id } from "../board/commands.ts";

/** Schemas with a name of their own in the documentation. */
export const NAMED = z.registry<{ id: string }>();

function named<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
  NAMED.add(schema, { id: name });
  return schema;
}

const text = z.string();
const time = z.iso.datetime();
const seq = z.int().nonnegative();
export const role = z.enum(["owner", "editor", "viewer"]);
export const scope = z.enum(["read", "write"]);

export const error = named(
  "Error",
  z.object({
    error: z.looseObject({
      code: text.describe("What went wrong, for programs"),
      message: text.describe("What went wrong, for people"),
      issues: z
        .array(
          z.looseObject({ part: z.enum(["params", "query", "body"]), path: z.array(text), message: text }),
        )
        .optional()
        .describe("With bad_input: everything that is wrong with the request"),
    }),
  }),
);

export const member = named("Member", z.object({ userId: text, name: text, role }));

export const list = named(
  "List",
  z.object({ id, name: text, position: text.describe("A fractional index: compare bytewise") }),
);

export const task = named(
  "Task",
  z.object({
    id,
    listId: id,
    title: text,
    description: text,
    assigneeId: text.nullable(),
    labels: z.array(text),
    dueOn: z.iso.date().nullable(),
    position: text.describe("A fractional index within the list: compare bytewise"),
    version: z.int().describe("Goes up with every change but a move"),
    createdBy: text,
    updatedAt: time,
  }),
);

export const comment = named("Comment", z.object({ id, taskId: id, authorId: text, text, at: time }));

export const event = named(
  "Event",
  z.object({
    seq: z.int().positive().describe("Per board and dense: 1, 2, 3…"),
    type: text.describe("Such as task_moved"),
    boardId: id,
    actorId: text,
    at: time,
    data: z.looseObject({}).describe("What has become of what: the whole task, list or comment"),
  }),
);

export const snapshot = named(
  "Snapshot",
  z.object({
    board: z.object({ id, name: text, epoch: text, members: z.array(member) }),
    lists: z.array(list),
    tasks: z.array(task),
    comments: z.array(comment),
    seq: seq.describe("The last event that is in it"),
  }),
);

export const boardSummary = named(
  "BoardSummary",
  z.object({ id, name: text, role, tasks: z.int(), members: z.int(), seq }),
);

export const session = named(
  "Session",
  z.object({ userId: text, name: text, expiresAt: time.nullable().describe("null for an API token") }),
);

export const apiToken = named(
  "ApiToken",
  z.object({
    id,
    name: text,
    scope,
    createdAt: time,
    lastUsedAt: time.nullable().describe("To the hour"),
  }),
);

export const invitation = named(
  "Invitation",
  z.object({ id, role: z.enum(["editor", "viewer"]), createdBy: text, expiresAt: time }),
);

export const webhook = named(
  "Webhook",
  z.object({
    id,
    boardId: id,
    url: text,
    cursor: seq.describe("The last seq that was delivered"),
    failures: z.int().describe("In a row"),
    disabledAt: time.nullable(),
  }),
);

export const presence = named(
  "Presence",
  z.object({
    users: z.array(text),
    typing: z.array(z.object({ userId: text, taskId: text.optional() })),
  }),
);

/** A stretch of the log. */
export const events = z.object({ events: z.array(event), seq, more: z.boolean().optional() });

/** Nothing is in the body. */
export const nothing = z.undefined();

/** What is in a path. */
const name = z.string().min(1).max(64);
export const boardParams = z.object({ boardId: name });
export const listParams = z.object({ listId: name });
export const taskParams = z.object({ taskId: name });
export const commentParams = z.object({ commentId: name });
export const memberParams = z.object({ boardId: name, userId: name });
