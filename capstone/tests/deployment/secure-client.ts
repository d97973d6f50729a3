// A browser's requests over TLS, to a host whose name no name server knows.
import type { IncomingMessage } from "node:http";
import { request as send } from "node:https";
import { WebSocket } from "ws";
import { HOST, ORIGIN, type SecureFront } from "./secure-front.ts";

export interface SentRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** The head of the answer, as soon as it is there; its body can be read from it. */
export function open(front: SecureFront, sent: SentRequest): Promise<IncomingMessage> {
  const body = sent.body === undefined ? undefined : JSON.stringify(sent.body);
  return new Promise((resolve, reject) => {
    const request = send({
      host: "127.0.0.1",
      port: front.port,
      servername: HOST,
      ca: front.certificate,
      method: sent.method ?? "GET",
      path: sent.path,
      agent: false,
      headers: {
        host: HOST,
        origin: ORIGIN,
        ...(body !== undefined && {
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength(body)),
        }),
        ...sent.headers,
      },
    });
    request.on("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
}

export async function ask(front: SecureFront, sent: SentRequest) {
  const response = await open(front, sent);
  let text = "";
  for await (const part of response.setEncoding("utf8")) text += part;
  return { status: response.statusCode, headers: response.headers, text };
}

export function openSocket(front: SecureFront, headers: Readonly<Record<string, string>>): WebSocket {
  // `ws` passes on everything that is meant for TLS; its types know a part of it.
  const tls = { servername: HOST, ca: front.certificate };
  const sent = { host: HOST, origin: ORIGIN, ...headers };
  return new WebSocket(`wss://127.0.0.1:${front.port}/ws`, { ...tls, headers: sent } as object);
}
