import type { Snapshot, Task } from "../events.ts";
import type { Placement } from "../positions.ts";

export type BoardApi = ReturnType<typeof createBoardApi>;

/** An answer that takes longer than this is not coming, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** The server answered, and the answer was no. The message is its sentence. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Nobody is signed in, or not any more. */
export class SignedOutError extends RefusedError {}

/** Who is signed in. */
export interface Session {
  readonly userId: string;
  readonly name: string;
}

const SESSION = "/session";

/**
 * The REST side of a board, as one user. Every function rejects with an `Error` whose message is a sentence for the
 * user: a `RefusedError` if the server said no, another one if there was no answer.
 *
 * @param userId goes along in the header `x-user`: a claim that nobody checks before chapter 06. From there on it is
 * undefined, and the session's cookie says who it is.
 */
export function createBoardApi(boardId: string, userId: string | undefined) {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {};
    // A header carries ASCII only.
    if (userId !== undefined) headers["x-user"] = encodeURIComponent(userId);
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
    const message = answer?.error?.message ?? `The server answered ${response.status}.`;
    // To somebody who signs in, 401 says that the password is wrong.
    const isSigningIn = method === "POST" && path === SESSION;
    if (response.status === 401 && !isSigningIn) throw new SignedOutError(message, response.status);
    throw new RefusedError(message, response.status);
  }

  const board = `/boards/${encodeURIComponent(boardId)}`;
  const member = (id: string) => `${board}/members/${encodeURIComponent(id)}`;
  const task = (id: string) => `/tasks/${encodeURIComponent(id)}`;

  return {
    snapshot: async (): Promise<Snapshot> => (await send("GET", board)).json(),
    createTask: async (listId: string, title: string): Promise<Task> =>
      (await send("POST", "/tasks", { listId, title })).json(),
    renameTask: (id: string, title: string) => send("PATCH", task(id), { title }),
    moveTask: (id: string, listId: string, placement: Placement) =>
      send("PATCH", `${task(id)}/move`, { listId, ...placement }),
    deleteTask: (id: string) => send("DELETE", task(id)),

    session: async (): Promise<Session> => (await send("GET", SESSION)).json(),
    signIn: async (userId: string, password: string): Promise<Session> =>
      (await send("POST", SESSION, { userId, password })).json(),
    signOut: () => send("DELETE", SESSION),
    addMember: (userId: string) => send("POST", `${board}/members`, { userId }),
    removeMember: (userId: string) => send("DELETE", member(userId)),
  };
}
