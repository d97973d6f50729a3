// A client of Socket.IO over a WebSocket.
// https://socket.io/docs/v4/engine-io-protocol/ and https://socket.io/docs/v4/socket-io-protocol/
import type { Client, ClientOptions } from "./client.ts";
import { openWebSocket } from "./web-socket.ts";

/** Engine.IO's packets: the first character. */
const OPEN = 0x30;
const PING = 0x32;
const MESSAGE = 0x34;
/** Socket.IO's packets: the second one. */
const CONNECT = 0x30;
const EVENT = 0x32;
const ACK = 0x33;

export function openSocketIoClient(options: ClientOptions): Client {
  const { cookie, follows } = options;
  const address = follows
    ? options.address
    : { ...options.address, path: `${options.address.path}&follow=no` };
  const socket = openWebSocket({ address, cookie, onText, onLost: options.onLost });

  function onText(bytes: Buffer, start: number, end: number): void {
    const packet = bytes[start];
    if (packet === MESSAGE) {
      const type = bytes[start + 1];
      if (type === EVENT) options.onEvent(bytes, start, end);
      else if (type === ACK) onAck(bytes.toString("utf8", start + 2, end));
      else if (type === CONNECT) options.onReady();
      else options.onLost(`was told ${bytes.toString("utf8", start, end)}`);
    } else if (packet === OPEN) {
      socket.send("40");
    } else if (packet === PING) {
      socket.send("3");
    }
  }

  function onAck(text: string): void {
    const at = text.indexOf("[");
    const [{ status }] = JSON.parse(text.slice(at)) as [{ status: number }];
    options.onAnswer(Number(text.slice(0, at)), status);
  }

  return {
    change(key, taskId, title) {
      socket.send(`42${key}${JSON.stringify(["change", { taskId, change: { title } }])}`);
    },
    close: socket.close,
  };
}
