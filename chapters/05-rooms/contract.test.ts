import { once } from "node:events";
import { WebSocket } from "ws";
import { describeContract } from "../../shared/testing/transport-contract.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";

describeContract("sockets in rooms", {
  folder: import.meta.dirname,
  connect,
  createApp: (database) => createApp({ database }),
  promises: {
    inOrder: true,
    nothingLost: true,
    nothingTwice: true,
    atOnce: true,
    bounded: true,
    twoWay: true,
  },
  async say(baseUrl) {
    const socket = new WebSocket(new URL("/ws", baseUrl.replace("http", "ws")));
    await once(socket, "message"); // hello
    socket.send('{"type":"ping"}');
    const [answer] = await once(socket, "message");
    socket.close();
    if (String(answer) !== '{"type":"pong"}') throw new Error(`the answer was ${answer}`);
  },
});
