// One line for every request that the app gets: who, what, and how it was answered. And nothing that could be used.
import type { IncomingMessage } from "node:http";
import type { Visitor } from "./auth.ts";

/** @param write is given a line, without its end */
export function createAccessLog(write: (line: string) => void) {
  function log(method: string, target: string, status: number, userId: string | undefined): void {
    // Without its query: a ticket would be in there, and logs are read by more people, and kept for longer, than any
    // ticket lives. Cookies and bodies are not logged at all.
    const [path = ""] = target.split("?", 1);
    // What a client sends could contain a line break, and after it a line that looks like ours.
    const printable = path.replace(/[^!-~]/g, "?").slice(0, 200);
    write(`${method} ${printable} ${status} ${userId ?? "-"}`);
  }

  return {
    /** A hook of the app. */
    onResponse({ request, response, locals }: { request: Request; response: Response; locals: Visitor }) {
      log(request.method, new URL(request.url).pathname, response.status, locals.session?.userId);
      return response;
    },

    /** The same for a request for a socket, which the app never sees. */
    onUpgrade({ method = "", url = "" }: IncomingMessage, status: number, userId: string | undefined): void {
      log(method, url, status, userId);
    },
  };
}
