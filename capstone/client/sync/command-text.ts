// What a user has written in a command: a change may be refused, but the words are theirs.
import type { Command } from "../../board/commands.ts";

/** @returns undefined when there are no words in it */
export function textOf(command: Command): string | undefined {
  switch (command.type) {
    case "rename_board":
      return command.board.name;
    case "create_list":
    case "rename_list":
      return command.list.name;
    case "create_task":
      return joined(command.task.title, command.task.description);
    case "update_task":
      return joined(command.change.title, command.change.description);
    case "add_comment":
      return command.comment.text;
    default:
      return undefined;
  }
}

function joined(...texts: (string | undefined)[]): string | undefined {
  const given = texts.filter((text) => text !== undefined && text !== "");
  return given.length > 0 ? given.join("\n\n") : undefined;
}
