// An event as a sentence without its subject: “moved “Draw the logo” to Doing”.
import type { BoardEvent, Task, TaskField } from "../../board/events.ts";
import { dayOf } from "../filter.ts";
import { dayText } from "../widgets/dates.ts";

/** How things are called, and what was before. All as far as it is known. */
export interface Names {
  list(listId: string): string;
  task(taskId: string): string;
  person(userId: string): string;
  comment(commentId: string): string | undefined;
  event(seq: number): BoardEvent | undefined;
  /** A task as it was before an event about it. */
  before(event: BoardEvent<"task_updated">): Task | undefined;
  /** Everything is about this card: its title need not be said again. */
  readonly ownTaskId?: string | undefined;
}

export function eventText(event: BoardEvent, names: Names): string {
  const undone = undoneBy(event);
  if (undone === undefined) return whatText(event, names);
  const first = names.event(undone);
  if (!first) return `took something back: ${whatText(event, names)}`;
  const again = undoneBy(first);
  if (again === undefined) return `took back: ${whatText(first, names)}`;
  const original = names.event(again) ?? event;
  return `did again: ${whatText(original, names)}`;
}

function undoneBy({ data }: BoardEvent): number | undefined {
  return "undoes" in data ? data.undoes : undefined;
}

/** What an event has done, whether it took another one back or not. */
export function whatText(event: BoardEvent, names: Names): string {
  const { type, data } = event;
  const titleOf = (task: Pick<Task, "id" | "title">) =>
    task.id === names.ownTaskId ? "the card" : `“${task.title}”`;
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
      return updateText(event, names);
    case "task_moved":
      return data.fromListId === data.task.listId
        ? `moved ${titleOf(data.task)} within ${names.list(data.task.listId)}`
        : `moved ${titleOf(data.task)} from ${names.list(data.fromListId)} to ${names.list(data.task.listId)}`;
    case "task_deleted":
      return `deleted “${data.title}”`;
    case "task_restored":
      return `brought back “${data.task.title}”`;
    case "comment_added":
      return data.comment.taskId === names.ownTaskId
        ? `commented: ${excerpt(data.comment.text)}`
        : `commented on “${names.task(data.comment.taskId)}”: ${excerpt(data.comment.text)}`;
    case "comment_deleted": {
      const text = names.comment(data.commentId);
      const comment = text === undefined ? "a comment" : `the comment “${excerpt(text)}”`;
      return data.taskId === names.ownTaskId
        ? `deleted ${comment}`
        : `deleted ${comment} on “${names.task(data.taskId)}”`;
    }
    case "member_added":
      return event.actorId === data.member.userId
        ? `joined by a link, as ${data.member.role}`
        : `added ${data.member.name} as ${data.member.role}`;
    case "member_changed":
      return `made ${data.member.name} ${data.member.role}`;
    case "member_removed":
      return event.actorId === data.userId ? "left the board" : `removed ${names.person(data.userId)}`;
    default:
      return "did something that this page does not know";
  }
}

function updateText(event: BoardEvent<"task_updated">, names: Names): string {
  const { task, changed } = event.data;
  const before = names.before(event);
  const isOwn = task.id === names.ownTaskId;
  const of = (word: string) => (isOwn ? "" : ` ${word} “${task.title}”`);
  const texts: Record<TaskField, () => string> = {
    title: () =>
      before ? `renamed “${before.title}” to “${task.title}”` : `renamed a card to “${task.title}”`,
    description: () => {
      if (task.description === "") return `removed the description${of("of")}`;
      return `${before?.description === "" ? "wrote" : "changed"} the description${of("of")}`;
    },
    assigneeId: () => {
      const card = isOwn ? "it" : `“${task.title}”`;
      if (task.assigneeId !== null) return `assigned ${card} to ${names.person(task.assigneeId)}`;
      return before?.assigneeId
        ? `took ${card} from ${names.person(before.assigneeId)}`
        : `assigned ${card} to nobody`;
    },
    labels: () => labelsText(before?.labels, task.labels, of),
    dueOn: () =>
      task.dueOn === null
        ? `removed the due date${of("of")}`
        : `set the due date${of("of")} to ${dayText(task.dueOn, dayOf(new Date()))}`,
  };
  return joined(changed.map((field) => texts[field]?.() ?? `changed the ${field}${of("of")}`));
}

function labelsText(
  before: readonly string[] | undefined,
  now: readonly string[],
  of: (word: string) => string,
): string {
  if (!before) {
    return now.length === 0
      ? `removed all labels${of("from")}`
      : `set the labels${of("of")} to ${now.join(", ")}`;
  }
  const labels = (names: readonly string[]) =>
    `the ${names.length > 1 ? "labels" : "label"} ${joined(names)}`;
  const added = now.filter((label) => !before.includes(label));
  const removed = before.filter((label) => !now.includes(label));
  const texts = [
    added.length > 0 && `added ${labels(added)}${of("to")}`,
    removed.length > 0 && `removed ${labels(removed)}${of("from")}`,
  ].filter((text) => text !== false);
  return texts.length > 0 ? joined(texts) : `sorted the labels${of("of")}`;
}

/** Which card an event is about. */
export function taskIdOf({ data }: BoardEvent): string | undefined {
  if ("task" in data) return data.task.id;
  if ("comment" in data) return data.comment.taskId;
  return "taskId" in data ? data.taskId : undefined;
}

function joined(texts: readonly string[]): string {
  return texts.length > 1 ? `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}` : (texts[0] ?? "");
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
