// An event as a sentence without its subject: “moved “Draw the logo” to Doing”.
import type { BoardEvent, TaskField } from "../../board/events.ts";

const FIELDS: Record<TaskField, string> = {
  title: "title",
  description: "description",
  assigneeId: "assignee",
  labels: "labels",
  dueOn: "due date",
};

export interface Names {
  list(listId: string): string;
  task(taskId: string): string;
  person(userId: string): string;
}

export function eventText(event: BoardEvent, names: Names): string {
  const text = what(event, names);
  return "undoes" in event.data && event.data.undoes !== undefined ? `took something back: ${text}` : text;
}

function what({ type, data }: BoardEvent, names: Names): string {
  switch (type) {
    case "board_renamed":
      return `renamed the board to “${data.name}”`;
    case "list_created":
      return `added the list “${data.list.name}”`;
    case "list_renamed":
      return `renamed a list to “${data.list.name}”`;
    case "list_moved":
      return `moved the list “${data.list.name}”`;
    case "list_deleted":
      return `deleted the list “${data.name}”`;
    case "list_restored":
      return `brought back the list “${data.list.name}”`;
    case "lists_rebalanced":
    case "tasks_rebalanced":
      return "tidied up the order";
    case "task_created":
      return `added “${data.task.title}” to ${names.list(data.task.listId)}`;
    case "task_updated":
      return `changed the ${fields(data.changed)} of “${data.task.title}”`;
    case "task_moved":
      return data.fromListId === data.task.listId
        ? `moved “${data.task.title}” within ${names.list(data.task.listId)}`
        : `moved “${data.task.title}” from ${names.list(data.fromListId)} to ${names.list(data.task.listId)}`;
    case "task_deleted":
      return `deleted “${data.title}”`;
    case "task_restored":
      return `brought back “${data.task.title}”`;
    case "comment_added":
      return `commented on “${names.task(data.comment.taskId)}”: ${excerpt(data.comment.text)}`;
    case "comment_deleted":
      return `deleted a comment on “${names.task(data.taskId)}”`;
    case "member_added":
      return `added ${data.member.name} as ${data.member.role}`;
    case "member_changed":
      return `made ${data.member.name} ${data.member.role}`;
    case "member_removed":
      return `removed ${names.person(data.userId)}`;
    default:
      return "did something that this page does not know";
  }
}

/** Which card an event is about. */
export function taskIdOf({ data }: BoardEvent): string | undefined {
  if ("task" in data) return data.task.id;
  if ("comment" in data) return data.comment.taskId;
  return "taskId" in data ? data.taskId : undefined;
}

function fields(changed: readonly TaskField[]): string {
  const names = changed.map((field) => FIELDS[field] ?? field);
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "text");
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
