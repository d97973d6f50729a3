// An HTTP server that has streams, and takes changes of tasks as this server does.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createDurableBoard } from "./durable-board.ts";
import { createMadeUpLog, type IdentifiedEvent } from "./made-up-log.ts";
import type { Peer } from "./peer.ts";

/** An event, as it goes over a stream. */
export function eventText({ id, event }: IdentifiedEvent): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** What all of them do with a change and with an event of their own. @param tellAll gives an event to all streams */
export function createStreamBoard(tellAll: (event: IdentifiedEvent) => void) {
  const log = createMadeUpLog();
  const board = createDurableBoard(log);

  return {
    head: log.head,

    /** @returns the task, as JSON */
    change(path: string, body: string): string {
      const taskId = path.slice("/tasks/".length);
      const event = board.changeTask({ taskId, change: JSON.parse(body) });
      tellAll(log.identify(event));
      return JSON.stringify("task" in event.data ? event.data.task : null);
    },

    publishOne: () => tellAll(board.rename()),

    publishMany(count: number): void {
      for (let index = 0; index < count; index += 1) tellAll(log.next());
    },
  };
}

export function streamAddress(port: number): Peer["address"] {
  return { port, path: "/events", dialect: "stream", cookies: [] };
}

/** @param onStream answers who asks for a stream */
export async function openStreamServer(
  onStream: RequestListener,
  tellAll: (event: IdentifiedEvent) => void,
): Promise<Peer> {
  const board = createStreamBoard(tellAll);
  const server = createServer((request, response) => {
    if (request.method === "PATCH") answerChange(request, response);
    else onStream(request, response);
  });

  function answerChange(request: IncomingMessage, response: ServerResponse): void {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      const text = board.change(request.url ?? "", body);
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: streamAddress((server.address() as AddressInfo).port), ...board };
}
