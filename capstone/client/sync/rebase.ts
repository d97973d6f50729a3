// Two edits of one text, one after the other, before the first was answered: both began from the same version. To the server the second
// would look like a conflict with the first.
import type { Answer, Command } from "../../board/commands.ts";
import type { Task } from "../../board/events.ts";

/**
 * @param command has never been sent: a key belongs to one command for ever
 * @param accepted an earlier command of the same user, and its answer
 * @returns the command as if it had begun from what the earlier one has made; the same object if that says nothing about it
 */
export function rebase(command: Command, accepted: Command, answer: Answer): Command {
  if (command.type !== "update_task" || accepted.type !== "update_task") return command;
  if (command.taskId !== accepted.taskId || command.change.version === undefined) return command;
  if (command.change.version !== accepted.change.version) return command;
  // Only of the texts that the earlier one has changed too it is known that nobody else has changed them before it.
  const isCovered = (["title", "description"] as const).every(
    (field) => command.change[field] === undefined || accepted.change[field] !== undefined,
  );
  const { version } = (answer.body ?? {}) as Partial<Task>;
  if (!isCovered || version === undefined) return command;
  return { ...command, change: { ...command.change, version } };
}
