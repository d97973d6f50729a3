// A board as a file: what it looks like, and what one has to look like to be taken.
import { z } from "zod";
import { boardName, id, listName, newComment, newTask } from "../../board/commands.ts";
import type { Snapshot } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import type { BoardExport } from "./store.ts";

export function toExport({ seq: _, ...snapshot }: Snapshot): BoardExport {
  return { format: "real-time-board", version: 1, ...snapshot };
}

const userId = z.string().max(64);
const position = z.string().min(1).max(1_000);

/**
 * What is needed of an exported board; anything else in it does not matter. Lists and tasks are in the order of their positions,
 * whatever their order in the file.
 */
export const boardExport = z.object({
  format: z.literal("real-time-board", "This is no file of a board"),
  version: z.literal(1, "This file is of another version"),
  board: z.object({ name: boardName.shape.name }),
  lists: z.array(z.object({ id, name: listName.shape.name, position })).max(LIMITS.lists),
  tasks: z
    .array(
      z.object({
        id,
        listId: id,
        title: newTask.shape.title,
        description: newTask.shape.description.default(""),
        assigneeId: userId.nullable().default(null),
        labels: newTask.shape.labels.default([]),
        dueOn: newTask.shape.dueOn.default(null),
        position,
      }),
    )
    .max(LIMITS.tasks),
  comments: z
    .array(z.object({ taskId: id, text: newComment.shape.text }))
    .max(LIMITS.boardComments)
    .default([]),
});

export type ImportedBoard = z.infer<typeof boardExport>;
