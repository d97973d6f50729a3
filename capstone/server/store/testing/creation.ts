import type { Command } from "../../../board/commands.ts";

/** The command and the key of a writer's task: the same each time. */
export function creation(prefix: string, index: number): [command: Command, key: string] {
  const id = `${prefix}-${index}`;
  return [{ type: "create_task", task: { id, listId: "list-todo", title: id } }, `${id}-key-of-the-task`];
}
