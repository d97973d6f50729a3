// Something that a user could do to the board that they see.
import type { BoardState } from "../../../board/board-state.ts";
import type { Command } from "../../../board/commands.ts";
import { randomId } from "../tabs.ts";

export function randomCommand(random: () => number, view: BoardState): Command {
  const oneOf = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const list = oneOf(view.lists);
  const task = oneOf([...view.tasks.values()]);
  const other = oneOf([...view.tasks.values()]);
  const comment = oneOf([...view.comments.values()]);
  const word = `word ${Math.floor(random() * 1_000)}`;
  const boardId = view.board.id;
  const create: Command = { type: "create_task", task: { listId: list?.id ?? "list-todo", title: word } };
  const dice = random();
  if (!task || !list || dice < 0.2) return create;
  if (dice < 0.4)
    return { type: "update_task", taskId: task.id, change: { title: word, version: task.version } };
  if (dice < 0.6) {
    const place = { listId: list.id, ...(other && other.listId === list.id && { afterId: other.id }) };
    return { type: "move_task", taskId: task.id, place };
  }
  if (dice < 0.68) return { type: "delete_task", taskId: task.id };
  if (dice < 0.76) return { type: "add_comment", taskId: task.id, comment: { text: word } };
  if (dice < 0.8 && comment) return { type: "delete_comment", commentId: comment.id };
  if (dice < 0.85) return { type: "create_list", boardId, list: { id: randomId(), name: word } };
  if (dice < 0.9) return { type: "move_list", listId: list.id, place: {} };
  if (dice < 0.94) return { type: "rename_list", listId: list.id, list: { name: word } };
  if (dice < 0.96) return { type: "delete_list", listId: list.id };
  return { type: "rename_board", boardId, board: { name: word } };
}
