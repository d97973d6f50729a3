// Grows ../../chapters/07-reconnection/commands.ts: everything that can be done to a board, as data. A request and a message on
// a socket say the same thing, and a client can keep it until it is online again.
import { z } from "zod";
import { LIMITS } from "./limits.ts";

export { LIMITS } from "./limits.ts";

/** What clients may choose as an id: a UUID, or anything else of this form. */
export const id = z.string().regex(/^[\w-]{1,64}$/, "An id is 1 to 64 letters, digits, _ or -");

/** Chosen by the client, new for each command: whoever repeats a command repeats its key. */
export const commandKey = z.string().regex(/^[\w-]{16,64}$/, "A key is 16 to 64 letters, digits, _ or -");

/** One line of text that is not blank. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "One line, without control characters and halves of characters");

/** Half of a character (a lone surrogate) would be another text once it was stored: clients would never agree again. */
const lines = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cs}*$/u, "Text without halves of characters");

const title = line(LIMITS.title);
const description = lines(LIMITS.description);
const assigneeId = z.string().min(1).max(64).nullable();
const labels = z
  .array(line(LIMITS.label))
  .max(LIMITS.labels)
  .refine((all) => new Set(all).size === all.length, "Each label once");
const dueOn = z.iso.date().nullable();

/** Next to what. Never an index: that means another place as soon as somebody else has moved something. */
const placement = z.strictObject({ afterId: id.optional(), beforeId: id.optional() });

export const newTask = z.strictObject({
  id: id.optional(),
  listId: id,
  title,
  description: description.optional(),
  assigneeId: assigneeId.optional(),
  labels: labels.optional(),
  dueOn: dueOn.optional(),
  ...placement.shape,
});

export const taskChange = z
  .strictObject({
    title: title.optional(),
    description: description.optional(),
    assigneeId: assigneeId.optional(),
    labels: labels.optional(),
    dueOn: dueOn.optional(),
    /** The version from which the title or the description was edited: if that text has changed since, it is a conflict. */
    version: z.int().positive().optional(),
  })
  .refine(({ version: _, ...change }) => Object.keys(change).length > 0, "Nothing is to be changed");

export const taskPlace = z.strictObject({
  listId: id,
  ...placement.shape,
  /** The last seq that the mover had applied: whose move was overruled follows from it. */
  seen: z.int().nonnegative().optional(),
});

export const newList = z.strictObject({ id: id.optional(), name: line(LIMITS.listName), ...placement.shape });
export const listName = z.strictObject({ name: line(LIMITS.listName) });
export const listPlace = placement;
export const boardName = z.strictObject({ name: line(LIMITS.boardName) });
export const newComment = z.strictObject({
  id: id.optional(),
  text: lines(LIMITS.comment).trim().min(1),
});
export const undoneEvent = z.strictObject({ seq: z.int().positive() });

const key = commandKey;

/** As they come over a socket, and as a client keeps them: with a key. */
export const commandMessages = [
  z.strictObject({ type: z.literal("rename_board"), key, boardId: id, board: boardName }),
  z.strictObject({ type: z.literal("create_list"), key, boardId: id, list: newList }),
  z.strictObject({ type: z.literal("rename_list"), key, listId: id, list: listName }),
  z.strictObject({ type: z.literal("move_list"), key, listId: id, place: listPlace }),
  z.strictObject({ type: z.literal("delete_list"), key, listId: id }),
  z.strictObject({ type: z.literal("create_task"), key, task: newTask }),
  z.strictObject({ type: z.literal("update_task"), key, taskId: id, change: taskChange }),
  z.strictObject({ type: z.literal("move_task"), key, taskId: id, place: taskPlace }),
  z.strictObject({ type: z.literal("delete_task"), key, taskId: id }),
  z.strictObject({ type: z.literal("add_comment"), key, taskId: id, comment: newComment }),
  /** The author's own; an owner of the board may delete every comment. */
  z.strictObject({ type: z.literal("delete_comment"), key, commentId: id }),
  /** Takes back an event of one's own, as a new event. Taking back that one does it again. */
  z.strictObject({ type: z.literal("undo"), key, boardId: id, undone: undoneEvent }),
] as const;

export const commandMessage = z.discriminatedUnion("type", [...commandMessages]);

export type CommandMessage = z.infer<typeof commandMessage>;

type WithoutKey<Message> = Message extends object ? Omit<Message, "key"> : never;

export type Command = WithoutKey<CommandMessage>;

/** The answer to a command, as a value: what a route sends as a response, and a socket as a message. */
export interface Answer {
  readonly status: number;
  /** JSON: the task, list or comment; or `{ error }`. Undefined for 204. */
  readonly body?: unknown;
  /** The seq of the command's last event: who has applied it has seen all that the command did. Missing when it was refused. */
  readonly seq?: number;
}

export interface AnswerMessage extends Answer {
  readonly type: "answer";
  readonly key: string;
}

/** What is beside `code` and `message` in the error of a refused edit: both texts, so that nobody loses theirs. */
export interface TextConflict {
  readonly field: "title" | "description";
  readonly yours: string;
  readonly theirs: string;
  /** Who wrote theirs. */
  readonly actorId: string;
}

/** The body of every refusal. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** With `bad_input`: what is wrong with the request. */
    readonly issues?: readonly { readonly message: string }[];
    /** With `version_conflict`: and the version that is there now. */
    readonly conflicts?: readonly TextConflict[];
    readonly version?: number;
    /** With `gone`: who has deleted it. */
    readonly actorId?: string;
  };
}
