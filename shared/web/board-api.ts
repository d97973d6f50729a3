import type { Snapshot } from "../events.ts";
import type { Placement } from "../positions.ts";
import type { Following, TaskCommand } from "./connect.ts";

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

interface ErrorBody {
  readonly error?: { readonly message?: string };
}

/**
 * The REST side of a board, as one user. Every function rejects with an `Error` whose message is a sentence for the
 * user: a `RefusedError` if the server said no, another one if there was no answer.
 *
 * @param userId goes along in the header `x-user`: a claim that nobody checks before chapter 06. From there on it is
 * undefined, and the session's cookie says who it is
 * @param following carries changes to tasks, where there is one; else each is a request
 */
export function createBoardApi(
  boardId: string,
  userId: string | undefined,
  following: () => Following | undefined = () => undefined,
) {
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
    // To somebody who signs in, 401 says that the password is wrong.
    const isSigningIn = method === "POST" && path === SESSION;
    throw refused(response.status, answer, isSigningIn);
  }

  function refused(status: number, answer: ErrorBody | undefined, isSigningIn = false): RefusedError {
    const message = answer?.error?.message ?? `The server answered ${status}.`;
    return status === 401 && !isSigningIn
      ? new SignedOutError(message, status)
      : new RefusedError(message, status);
  }

  /** A change to a task: by the connection, if it carries changes, and by a request otherwise. */
  async function change(command: TaskCommand, ...request: Parameters<typeof send>): Promise<void> {
    const connection = following();
    if (!connection) {
      await send(...request);
      return;
    }
    const { status, body } = await connection.run(command);
    if (status >= 400) throw refused(status, body as ErrorBody);
  }

  const board = `/boards/${encodeURIComponent(boardId)}`;
  const member = (id: string) => `${board}/members/${encodeURIComponent(id)}`;
  const task = (id: string) => `/tasks/${encodeURIComponent(id)}`;

  return {
    snapshot: async (): Promise<Snapshot> => (await send("GET", board)).json(),
    createTask: (listId: string, title: string) =>
      change({ type: "create_task", task: { listId, title } }, "POST", "/tasks", { listId, title }),
    renameTask: (id: string, title: string) =>
      change({ type: "update_task", taskId: id, change: { title } }, "PATCH", task(id), { title }),
    moveTask: (id: string, listId: string, placement: Placement) => {
      const place = { listId, ...placement };
      return change({ type: "move_task", taskId: id, place }, "PATCH", `${task(id)}/move`, place);
    },
    deleteTask: (id: string) => change({ type: "delete_task", taskId: id }, "DELETE", task(id)),

    session: async (): Promise<Session> => (await send("GET", SESSION)).json(),
    signIn: async (userId: string, password: string): Promise<Session> =>
      (await send("POST", SESSION, { userId, password })).json(),
    signOut: () => send("DELETE", SESSION),
    addMember: (userId: string) => send("POST", `${board}/members`, { userId }),
    removeMember: (userId: string) => send("DELETE", member(userId)),
  };
}
