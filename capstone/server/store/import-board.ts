// A new board out of an exported one. It gets a log of its own, as if its importer had typed everything in.
import { randomUUID } from "node:crypto";
import { generateNKeysBetween } from "fractional-indexing";
import { Refusal } from "../../../shared/refusal.ts";
import { byPosition } from "../../board/board-state.ts";
import { LIMITS } from "../../board/limits.ts";
import { boardExport, type ImportedBoard } from "./board-export.ts";
import type { Step } from "./board-log.ts";
import type { Changes } from "./changes.ts";
import { lengthOf } from "./room.ts";
import { newTask } from "./task-decisions.ts";

/** Refusal: `invalid`, with the first thing that is wrong. */
export function readExport(exported: unknown): ImportedBoard | Refusal {
  const { data, error } = boardExport.safeParse(exported);
  if (error) {
    const [issue] = error.issues;
    return invalid(`${issue?.path.join(".") || "file"}: ${issue?.message ?? "not valid"}`);
  }
  const lists = new Set(data.lists.map(({ id }) => id));
  const tasks = new Set(data.tasks.map(({ id }) => id));
  if (lists.size < data.lists.length) return invalid("two lists have the same id");
  if (tasks.size < data.tasks.length) return invalid("two tasks have the same id");
  if (data.tasks.some(({ listId }) => !lists.has(listId))) return invalid("a task is in no list");
  const texts = data.tasks.flatMap(({ title, description }) => [title, description]);
  const length = lengthOf(texts) + lengthOf(data.comments.map(({ text }) => text));
  if (length > LIMITS.boardText) return invalid(`it has more than ${LIMITS.boardText} characters`);
  const comments = new Map<string, number>();
  for (const { taskId } of data.comments) {
    if (!tasks.has(taskId)) return invalid("a comment belongs to no task");
    const count = (comments.get(taskId) ?? 0) + 1;
    if (count > LIMITS.comments) return invalid(`a task has more than ${LIMITS.comments} comments`);
    comments.set(taskId, count);
  }
  return data;
}

function invalid(what: string): Refusal {
  return new Refusal("invalid", `The file cannot be imported: ${what}.`);
}

/**
 * Fills a board that is empty. Everything gets a new id, so that a board can be imported twice. Members are not imported, and tasks are
 * assigned to nobody but the importer. Comments keep their texts and their order; their author and time are those of the import.
 */
export function importInto(step: Step, boardId: string, imported: ImportedBoard, changes: Changes): void {
  const lists = new Map<string, string>();
  const tasks = new Map<string, string>();
  const inOrder = imported.lists.toSorted(byPosition);
  const listPositions = generateNKeysBetween(null, null, inOrder.length);
  inOrder.forEach(({ id, name }, index) => {
    const list = { id: randomUUID(), boardId, name, position: listPositions[index] ?? "" };
    lists.set(id, list.id);
    changes.createList(step, list);
  });
  const byList = new Map<string, ImportedBoard["tasks"]>(inOrder.map(({ id }) => [id, []]));
  for (const task of imported.tasks) byList.get(task.listId)?.push(task);
  for (const [oldListId, siblings] of byList) {
    const positions = generateNKeysBetween(null, null, siblings.length);
    siblings.sort(byPosition).forEach((task, index) => {
      const { title, description, dueOn } = task;
      const id = randomUUID();
      tasks.set(task.id, id);
      const listId = lists.get(oldListId) ?? "";
      const assigneeId = task.assigneeId === step.userId ? step.userId : null;
      const place = { id, boardId, listId, position: positions[index] ?? "" };
      const said = { title, description, dueOn, assigneeId, labels: JSON.stringify(task.labels ?? []) };
      changes.createTask(step, { ...place, ...said, ...newTask(step) });
    });
  }
  for (const { taskId, text } of imported.comments) {
    const comment = { id: randomUUID(), taskId: tasks.get(taskId) ?? "", authorId: step.userId, text };
    changes.addComment(step, boardId, { ...comment, at: step.at });
  }
}
