import type { Snapshot, Task } from "../events.ts";
import type { Placement } from "../positions.ts";

export type BoardApi = ReturnType<typeof createBoardApi>;

/**
 * The REST side of a board, as one user. Every function rejects with an `Error` whose message is a sentence for the
 * user, also when the server cannot be reached.
 *
 * @param userId goes along in the header `x-user`: a claim that nobody checks before chapter 06
 */
export function createBoardApi(boardId: string, userId: string) {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { "x-user": userId };
    const init: RequestInit = { method, headers };
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    const response = await fetch(path, init).catch(() => {
      throw new Error("The server cannot be reached: nothing was changed.");
    });
    if (response.ok) return response;
    const answer = await response.json().catch(() => undefined);
    throw new Error(answer?.error?.message ?? `The server answered ${response.status}.`);
  }

  const task = (id: string) => `/tasks/${encodeURIComponent(id)}`;

  return {
    snapshot: async (): Promise<Snapshot> => (await send("GET", `/boards/${boardId}`)).json(),
    createTask: async (listId: string, title: string): Promise<Task> =>
      (await send("POST", "/tasks", { listId, title })).json(),
    renameTask: (id: string, title: string) => send("PATCH", task(id), { title }),
    moveTask: (id: string, listId: string, placement: Placement) =>
      send("PATCH", `${task(id)}/move`, { listId, ...placement }),
    deleteTask: (id: string) => send("DELETE", task(id)),
  };
}
