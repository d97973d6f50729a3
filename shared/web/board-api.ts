import type { Snapshot, Task } from "../events.ts";
import type { Placement } from "../positions.ts";

export type BoardApi = ReturnType<typeof createBoardApi>;

/** An answer that takes longer than this is not coming, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** The server answered, and the answer was no. The message is its sentence. */
export class RefusedError extends Error {}

/**
 * The REST side of a board, as one user. Every function rejects with an `Error` whose message is a sentence for the
 * user: a `RefusedError` if the server said no, another one if there was no answer.
 *
 * @param userId goes along in the header `x-user`: a claim that nobody checks before chapter 06
 */
export function createBoardApi(boardId: string, userId: string) {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    // A header carries ASCII only.
    const headers: Record<string, string> = { "x-user": encodeURIComponent(userId) };
    // What the browser remembers of a board is of no use, and two requests for one URL would wait for each other.
    const init: RequestInit = {
      method,
      headers,
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    };
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    const response = await fetch(path, init).catch(() => {
      // Not "nothing was changed": the answer may have been lost after the change was made.
      const unsure = method === "GET" ? "" : " Your change may or may not have been made.";
      throw new Error(`The server cannot be reached.${unsure}`);
    });
    if (response.ok) return response;
    const answer = await response.json().catch(() => undefined);
    throw new RefusedError(answer?.error?.message ?? `The server answered ${response.status}.`);
  }

  const board = `/boards/${encodeURIComponent(boardId)}`;
  const task = (id: string) => `/tasks/${encodeURIComponent(id)}`;

  return {
    snapshot: async (): Promise<Snapshot> => (await send("GET", board)).json(),
    createTask: async (listId: string, title: string): Promise<Task> =>
      (await send("POST", "/tasks", { listId, title })).json(),
    renameTask: (id: string, title: string) => send("PATCH", task(id), { title }),
    moveTask: (id: string, listId: string, placement: Placement) =>
      send("PATCH", `${task(id)}/move`, { listId, ...placement }),
    deleteTask: (id: string) => send("DELETE", task(id)),
  };
}
