import { once } from "node:events";
import { expect, onTestFinished } from "vitest";
import { WebSocket } from "ws";

/**
 * Signs in as a demo user.
 * @returns the `Cookie` header to send from then on
 */
export async function signIn(baseUrl: string, userId: string, password = "demo"): Promise<string> {
  const response = await fetch(`${baseUrl}/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ userId, password }),
  });
  expect(response.status).toBe(200);
  return cookieIn(response);
}

/** The `Cookie` header that answers an answer's `Set-Cookie`. */
export function cookieIn(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
}

/** A ticket for a socket. */
export async function getTicket(baseUrl: string, cookie: string): Promise<string> {
  const response = await fetch(`${baseUrl}/tickets`, { method: "POST", headers: { cookie } });
  expect(response.status).toBe(201);
  return (await response.json()).ticket;
}

// biome-ignore lint/suspicious/noExplicitAny: each chapter has its own messages
type Message = any;

/** A socket of a test, from its beginning to its end. */
export interface TestSocket {
  readonly socket: WebSocket;
  /** The status of the answer: 101, or that of a refusal. */
  readonly status: number;
  /** The `error.code` of a refusal. */
  readonly refusal: string | undefined;
  readonly messages: Message[];
  /** Set when it is over. */
  readonly closed: { code?: number; reason?: string };
  of(type: string): Message[];
  say(message: object): void;
}

/**
 * Asks for a socket, with whatever a client can send along, and waits for the answer.
 * @param query `?ticket=…`, for instance
 */
export async function askForSocket(
  baseUrl: string,
  headers: Record<string, string> = {},
  query = "",
): Promise<TestSocket> {
  const socket = new WebSocket(`${baseUrl.replace("http", "ws")}/ws${query}`, {
    headers,
    perMessageDeflate: false,
  });
  onTestFinished(() => socket.terminate());
  socket.on("error", () => {});
  const messages: Message[] = [];
  const closed: TestSocket["closed"] = {};
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  socket.on("close", (code, reason) => Object.assign(closed, { code, reason: String(reason) }));
  const { status, refusal } = await new Promise<Pick<TestSocket, "status" | "refusal">>((resolve) => {
    socket.once("open", () => resolve({ status: 101, refusal: undefined }));
    socket.once("unexpected-response", async (_request, response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      await once(response, "end");
      resolve({ status: response.statusCode ?? 0, refusal: text && JSON.parse(text).error.code });
    });
  });
  return {
    socket,
    status,
    refusal,
    messages,
    closed,
    of: (type) => messages.filter((message) => message.type === type),
    say: (message) => socket.send(JSON.stringify(message)),
  };
}
