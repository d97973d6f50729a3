// What the user should be told.
import type { Answer, Command, ErrorBody } from "../../board/commands.ts";
import type { Overruled } from "./board-sync.ts";
import type { Notice } from "./client-state.ts";
import { textOf } from "./command-text.ts";

const UNKNOWN: ErrorBody["error"] = { code: "refused", message: "The server has refused this change." };

/** @param key of the command: whoever dismisses the notice lets go of the command */
export function noticeOfRefusal(key: string, command: Command, { body }: Answer): Notice {
  const error = (body as Partial<ErrorBody> | undefined)?.error ?? UNKNOWN;
  const { conflicts, version } = error;
  if (command.type === "update_task" && conflicts && version !== undefined) {
    return { id: key, kind: "conflict", command, conflicts, version, taskId: command.taskId };
  }
  const text = textOf(command);
  return { id: key, kind: "rejected", command, error, ...(text !== undefined && { text }) };
}

export function noticeOfOverruled({ event, back }: Overruled): Notice {
  return { id: `overruled-${event.data.task.id}-${event.seq}`, kind: "overruled", event, back };
}
