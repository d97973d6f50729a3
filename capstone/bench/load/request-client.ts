// A client that changes tasks by requests, all on one connection.
import type { Client, ClientOptions } from "./client.ts";
import { openConnection } from "./raw-connection.ts";
import { scanResponses } from "./scan-responses.ts";

export function openRequestClient(options: ClientOptions): Client {
  const { address, cookie, onAnswer, onLost, onReady } = options;
  /** The keys of the requests under way: answers come in their order. */
  const underWay: number[] = [];

  const connection = openConnection({
    port: address.port,
    onBytes: (bytes, from, to) => scanResponses(bytes, from, to, onStatus),
    onLost,
  });

  function onStatus(status: number): void {
    const key = underWay.shift();
    if (key === undefined) onLost("was answered without a question");
    else onAnswer(key, status);
  }

  const origin = `127.0.0.1:${address.port}`;
  const common = `Host: ${origin}\r\nOrigin: http://${origin}\r\nContent-Type: application/json\r\n${
    cookie === undefined ? "" : `Cookie: ${cookie}\r\n`
  }`;

  queueMicrotask(onReady);

  return {
    change(key, taskId, title) {
      const body = JSON.stringify({ title });
      const own = `Idempotency-Key: bench-change-${String(key).padStart(8, "0")}\r\nContent-Length: ${body.length}\r\n`;
      underWay.push(key);
      connection.write(`PATCH /tasks/${taskId} HTTP/1.1\r\n${common}${own}\r\n${body}`);
    },
    close: connection.close,
  };
}
