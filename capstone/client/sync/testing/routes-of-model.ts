// The requests that change something, read back into commands: the other direction of `requestOf`.
import type { Command } from "../../../board/commands.ts";

const ROUTES: readonly [RegExp, (id: string, body: never) => Command][] = [
  [/^PATCH \/boards\/([^/]+)$/, (boardId, board) => ({ type: "rename_board", boardId, board })],
  [/^POST \/boards\/([^/]+)\/lists$/, (boardId, list) => ({ type: "create_list", boardId, list })],
  [/^POST \/boards\/([^/]+)\/undo$/, (boardId, undone) => ({ type: "undo", boardId, undone })],
  [/^PATCH \/lists\/([^/]+)$/, (listId, list) => ({ type: "rename_list", listId, list })],
  [/^PATCH \/lists\/([^/]+)\/move$/, (listId, place) => ({ type: "move_list", listId, place })],
  [/^DELETE \/lists\/([^/]+)$/, (listId) => ({ type: "delete_list", listId })],
  [/^POST \/tasks()$/, (_, task) => ({ type: "create_task", task })],
  [/^PATCH \/tasks\/([^/]+)$/, (taskId, change) => ({ type: "update_task", taskId, change })],
  [/^PATCH \/tasks\/([^/]+)\/move$/, (taskId, place) => ({ type: "move_task", taskId, place })],
  [/^DELETE \/tasks\/([^/]+)$/, (taskId) => ({ type: "delete_task", taskId })],
  [/^POST \/tasks\/([^/]+)\/comments$/, (taskId, comment) => ({ type: "add_comment", taskId, comment })],
  [/^DELETE \/comments\/([^/]+)$/, (commentId) => ({ type: "delete_comment", commentId })],
];

export function commandOf(method: string, path: string, body: unknown): Command | undefined {
  for (const [pattern, make] of ROUTES) {
    const match = pattern.exec(`${method} ${path}`);
    if (match) return make(decodeURIComponent(match[1] ?? ""), body as never);
  }
  return undefined;
}
