import type { Command } from "../../board/commands.ts";
import { randomId } from "./tabs.ts";

/**
 * A command with what only the client can choose: an id, so that it shows at once; and how much of the log the user had seen.
 * @param seen the last seq. Undefined: nothing yet
 */
export function completed(command: Command, seen: number | undefined): Command {
  switch (command.type) {
    case "create_task":
      return { ...command, task: { id: randomId(), ...command.task } };
    case "create_list":
      return { ...command, list: { id: randomId(), ...command.list } };
    case "add_comment":
      return { ...command, comment: { id: randomId(), ...command.comment } };
    case "move_task":
      return seen === undefined ? command : { ...command, place: { seen, ...command.place } };
    default:
      return command;
  }
}
