// A command as a request: which method, which path, which body. And its answer, as a value.
import type { Answer, Command } from "../../board/commands.ts";

export interface CommandRequest {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

export function requestOf(command: Command): CommandRequest {
  switch (command.type) {
    case "rename_board":
      return { method: "PATCH", path: at("boards", command.boardId), body: command.board };
    case "create_list":
      return { method: "POST", path: `${at("boards", command.boardId)}/lists`, body: command.list };
    case "rename_list":
      return { method: "PATCH", path: at("lists", command.listId), body: command.list };
    case "move_list":
      return { method: "PATCH", path: `${at("lists", command.listId)}/move`, body: command.place };
    case "delete_list":
      return { method: "DELETE", path: at("lists", command.listId) };
    case "create_task":
      return { method: "POST", path: "/tasks", body: command.task };
    case "update_task":
      return { method: "PATCH", path: at("tasks", command.taskId), body: command.change };
    case "move_task":
      return { method: "PATCH", path: `${at("tasks", command.taskId)}/move`, body: command.place };
    case "delete_task":
      return { method: "DELETE", path: at("tasks", command.taskId) };
    case "add_comment":
      return { method: "POST", path: `${at("tasks", command.taskId)}/comments`, body: command.comment };
    case "delete_comment":
      return { method: "DELETE", path: at("comments", command.commentId) };
    case "undo":
      return { method: "POST", path: `${at("boards", command.boardId)}/undo`, body: command.undone };
  }
}

function at(collection: string, id: string): string {
  return `/${collection}/${encodeURIComponent(id)}`;
}

/** A server, as the parts of a client know it. */
export interface Server {
  /** Where it is. Empty: where the page comes from. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
}

/** An answer, and how long to wait before the next attempt if it asks for one. */
export interface SentAnswer extends Answer {
  /** In milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * Sends a command.
 * @param signal ends the wait, not the command
 * @returns whatever the server has answered, refusals too. Rejects when there was no answer.
 */
export async function sendCommand(
  server: Server,
  key: string,
  command: Command,
  signal: AbortSignal,
): Promise<SentAnswer> {
  const { method, path, body } = requestOf(command);
  const headers: Record<string, string> = { "idempotency-key": key };
  if (body) headers["content-type"] = "application/json";
  const response = await server.fetch(server.baseUrl + path, {
    method,
    headers,
    signal,
    cache: "no-store",
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const seq = Number(response.headers.get("board-seq") ?? "NaN");
  const retryAfterMs = retryAfterOf(response);
  return {
    status: response.status,
    ...(text !== "" && { body: parse(text) }),
    ...(Number.isSafeInteger(seq) && { seq }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** What a proxy says is not always JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The header `Retry-After` in milliseconds, if it has a number of seconds. */
export function retryAfterOf(response: Response): number | undefined {
  const header = response.headers.get("retry-after");
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
