// What the clients do so that a server keeps them: without it a long run ends in closed connections.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { until } from "../../../shared/testing/until.ts";
import type { Dialect } from "../peers/peer.ts";
import { openClient } from "./followers.ts";

async function connect(dialect: Dialect) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const seen: string[] = [];
  const connected = once(server, "connection");
  const client = openClient({ port, path: "/ws", dialect, cookies: ["session=a", "session=b"] }, 3, true, {
    onReady: () => seen.push("ready"),
    onEvent: (bytes, start, end) => seen.push(`event ${bytes.toString("utf8", start, end)}`),
    onAnswer: (key, status) => seen.push(`answer ${key} ${status}`),
    onLost: (reason) => seen.push(`lost: ${reason}`),
  });
  const [socket, request] = (await connected) as [WebSocket, { headers: Record<string, string> }];
  const sent: string[] = [];
  socket.on("message", (text) => sent.push(String(text)));
  onTestFinished(() => {
    client.close();
    server.close();
  });
  return { client, socket, sent, seen, cookie: request.headers.cookie };
}

test("a client of this server joins, answers pings, and tells events from everything else", async () => {
  const { client, socket, sent, seen, cookie } = await connect("board-socket");
  expect(cookie).toBe("session=b");
  socket.send('{"type":"hello"}');
  await until("it joins", () => sent[0] === '{"type":"join","boardId":"board-1"}');
  socket.send('{"type":"joined","boardId":"board-1","seq":4,"users":[]}');
  socket.send('{"type":"heartbeat","everyMs":25000,"heads":{"board-1":4}}');
  socket.send('{"type":"presence","boardId":"board-1","users":[],"typing":[]}');
  const pong = once(socket, "pong");
  socket.ping("are you there");
  expect(String((await pong)[0])).toBe("are you there");
  client.change(7, "task-1", "A title");
  await until("the change", () => sent.length === 2);
  const { key, ...change } = JSON.parse(sent[1] as string);
  expect(change).toEqual({ type: "update_task", taskId: "task-1", change: { title: "A title" } });
  socket.send('{"type":"event","id":"e:5","event":{"seq":5}}');
  socket.send(JSON.stringify({ type: "answer", key, status: 409 }));
  await until("all has come", () => seen.length === 3);
  expect(seen).toEqual(["ready", 'event {"type":"event","id":"e:5","event":{"seq":5}}', "answer 7 409"]);
});

test("a client of Socket.IO connects, answers pings, and reads events and acknowledgements", async () => {
  const { client, socket, sent, seen } = await connect("socket.io");
  socket.send('0{"sid":"x","pingInterval":25000}');
  await until("it connects", () => sent[0] === "40");
  socket.send('40{"sid":"y"}');
  socket.send("2");
  await until("the pong", () => sent[1] === "3");
  client.change(7, "task-1", "A title");
  await until("the change", () => sent.length === 3);
  expect(sent[2]).toBe('427["change",{"taskId":"task-1","change":{"title":"A title"}}]');
  socket.send('42["event",{"seq":5}]');
  socket.send('437[{"status":200}]');
  await until("all has come", () => seen.length === 3);
  expect(seen).toEqual(["ready", 'event 42["event",{"seq":5}]', "answer 7 200"]);
});
