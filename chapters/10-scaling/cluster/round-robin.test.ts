import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { freePort } from "./free-port.ts";
import type { Front } from "./front.ts";
import { startRoundRobin } from "./round-robin.ts";

interface Node {
  readonly port: number;
  readonly server: Server;
  readonly sockets: Socket[];
}

async function openNode(onSocket: (socket: Socket) => void = () => {}): Promise<Node> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onSocket(socket);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, server, sockets };
}

async function open(...ports: readonly number[]): Promise<Front> {
  const front = await startRoundRobin({ nodes: ports });
  onTestFinished(() => front.stop());
  return front;
}

async function dial({ port }: Front): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

const counts = (nodes: readonly Node[]) => nodes.map(({ sockets }) => sockets.length);

test("each new connection goes to the next node", async () => {
  const nodes = await Promise.all([openNode(), openNode(), openNode()]);
  const front = await open(...nodes.map(({ port }) => port));
  for (let each = 0; each < 9; each += 1) await dial(front);
  await until("all", () => counts(nodes).join() === "3,3,3");
});

test("a node that refuses is skipped; without any, the connection is reset", async () => {
  const node = await openNode();
  const front = await open(await freePort(), node.port, await freePort());
  for (let each = 0; each < 6; each += 1) await dial(front);
  await until("all six", () => node.sockets.length === 6);
  for (const none of [[await freePort()], []]) {
    await front.setNodes(none);
    const [error] = await once(connect({ port: front.port, host: "127.0.0.1" }), "error");
    expect(error).toMatchObject({ code: "ECONNRESET" });
  }
});

test("after a change of nodes new connections go to the new ones, and open ones live on", async () => {
  const nodes = [await openNode((socket) => socket.pipe(socket)), await openNode()] as const;
  const front = await open(nodes[0].port);
  const first = await dial(front);
  await until("the first", () => nodes[0].sockets.length === 1);
  await front.setNodes([nodes[1].port]);
  await dial(front);
  await dial(front);
  await until("two more", () => counts(nodes).join() === "1,2");
  first.write("still here");
  expect(String((await once(first, "data"))[0])).toBe("still here");
});

test("an end is passed on as an end: the answer to it still comes", async () => {
  const node = await openNode((socket) => {
    let text = "";
    socket.on("data", (part) => {
      text += part;
    });
    socket.on("end", () => socket.end(`${text.length} bytes`));
  });
  const client = await dial(await open(node.port));
  const parts: Buffer[] = [];
  client.on("data", (part) => parts.push(part));
  client.end("x".repeat(1_000_000));
  await once(client, "end");
  expect(Buffer.concat(parts).toString()).toBe("1000000 bytes");
  await until("both to be gone", () => client.destroyed && node.sockets[0]?.destroyed);
});

test("a node that has said everything still hears the rest", async () => {
  let text = "";
  const node = await openNode((socket) => {
    socket.end("that is all");
    socket.on("data", (part) => {
      text += part;
    });
  });
  const client = await dial(await open(node.port));
  client.resume();
  await once(client, "end");
  client.end("understood");
  await until("the rest", () => text === "understood");
});

test("a reset of either side is a reset of the other", async () => {
  const node = await openNode();
  const front = await open(node.port);
  for (const side of ["client", "node"] as const) {
    const client = await dial(front);
    const socket = await until("the node's side", () => node.sockets.at(-1));
    const [from, to] = side === "client" ? [client, socket] : [socket, client];
    client.resume();
    socket.resume();
    const failed = once(to, "error");
    from.resetAndDestroy();
    expect((await failed)[0]).toMatchObject({ code: "ECONNRESET" });
    node.sockets.length = 0;
  }
});

test("stopping cuts what is open, and can be done twice", async () => {
  const node = await openNode();
  const front = await open(node.port);
  const client = await dial(front);
  client.resume();
  await until("the node's side", () => node.sockets.length === 1);
  const cut = once(client, "error");
  await front.stop();
  await front.stop();
  expect((await cut)[0]).toMatchObject({ code: "ECONNRESET" });
  const refused = connect({ port: front.port, host: "127.0.0.1" });
  expect((await once(refused, "error"))[0]).toMatchObject({ code: "ECONNREFUSED" });
});
