// Something that a person could do to the board that they see. Whatever has a text gets one that nobody else uses.
import type { BoardState } from "../../board/board-state.ts";
import type { Command } from "../../board/commands.ts";

/** So many tasks and lists are enough to get in each other's way. */
const MAX_TASKS = 40;
const MAX_LISTS = 6;

export function randomChange(random: () => number, view: BoardState, mark: string): Command {
  const oneOf = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const boardId = view.board.id;
  const list = oneOf(view.lists);
  const tasks = [...view.tasks.values()];
  const task = oneOf(tasks);
  const comment = oneOf([...view.comments.values()]);
  if (!list) return { type: "create_list", boardId, list: { name: mark } };
  const create: Command = { type: "create_task", task: { listId: list.id, title: mark } };
  if (!task) return create;

  const neighbour = oneOf(tasks.filter(({ listId, id }) => listId === list.id && id !== task.id));
  const taskId = task.id;
  const changes: readonly (readonly [weight: number, command: () => Command])[] = [
    [tasks.length < MAX_TASKS ? 20 : 2, () => create],
    [15, () => ({ type: "update_task", taskId, change: { title: mark, version: task.version } })],
    [5, () => ({ type: "update_task", taskId, change: { labels: [`${Math.floor(random() * 1e6)}`] } })],
    [
      5,
      () => ({
        type: "update_task",
        taskId,
        change: { assigneeId: task.assigneeId === null ? "bob" : null, description: mark },
      }),
    ],
    [
      20,
      () => ({
        type: "move_task",
        taskId,
        place: { listId: list.id, ...(neighbour && { afterId: neighbour.id }) },
      }),
    ],
    [tasks.length < MAX_TASKS ? 5 : 25, () => ({ type: "delete_task", taskId })],
    [10, () => ({ type: "add_comment", taskId, comment: { text: mark } })],
    [comment ? 4 : 0, () => ({ type: "delete_comment", commentId: comment?.id ?? "" })],
    [view.lists.length < MAX_LISTS ? 4 : 0, () => ({ type: "create_list", boardId, list: { name: mark } })],
    [3, () => ({ type: "rename_list", listId: list.id, list: { name: mark } })],
    [4, () => ({ type: "move_list", listId: list.id, place: {} })],
    [view.lists.length > 2 ? 2 : 0, () => ({ type: "delete_list", listId: list.id })],
    [2, () => ({ type: "rename_board", boardId, board: { name: mark } })],
  ];
  let dice = random() * changes.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, command] of changes) {
    dice -= weight;
    if (dice < 0) return command();
  }
  return create;
}

/** The mark of a command, if it has one. */
export function markOfCommand(command: Command): string | undefined {
  if (command.type === "create_task") return command.task.title;
  if (command.type === "update_task") return command.change.title;
  if (command.type === "add_comment") return command.comment.text;
  if (command.type === "create_list" || command.type === "rename_list") return command.list.name;
  return command.type === "rename_board" ? command.board.name : undefined;
}
