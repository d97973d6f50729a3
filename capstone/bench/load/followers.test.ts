import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { until } from "../../../shared/testing/until.ts";
import type { Address } from "../peers/peer.ts";
import { createFollowers } from "./followers.ts";

const event = (seq: number) => JSON.stringify({ type: "event", id: `e:${seq}`, event: { seq } });

/** Clients of a server that answers every join, and then says what it is told to. */
async function follow(count: number) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const sockets: WebSocket[] = [];
  const faults: string[] = [];
  const followers = createFollowers((reason) => faults.push(reason));
  server.on("connection", (socket) => {
    sockets.push(socket);
    socket.send(JSON.stringify({ type: "hello" }));
    socket.on("message", () => socket.send(JSON.stringify({ type: "joined", boardId: "board-1", seq: 6 })));
  });
  onTestFinished(() => {
    followers.close();
    server.close();
  });
  await until("the server listens", () => server.address() !== null);
  const { port } = server.address() as AddressInfo;
  const address: Address = { port, path: "/ws", dialect: "board-socket", cookies: [] };
  await followers.open(address, count, 6);
  const tell = (to: number, ...seqs: number[]) => {
    for (const seq of seqs) sockets[to]?.send(event(seq));
  };
  return { followers, faults, tell, sockets };
}

describe("followers", () => {
  test("the last client's last event is waited for", async () => {
    const { followers, faults, tell } = await follow(3);
    let reached = false;
    const waiting = followers.reach(8).then(() => {
      reached = true;
    });
    tell(0, 7, 8);
    tell(1, 7, 8);
    tell(2, 7);
    const seen: number[] = [];
    followers.watch((seq) => seen.push(seq));
    await until("five events have come", () => seen.length === 5);
    expect(reached).toBe(false);
    tell(2, 8);
    await waiting;
    expect(faults).toEqual([]);
  });

  test.each([
    { what: "a lost event", seqs: [7, 9], fault: "got the event 9, and 8 was to come" },
    { what: "an event twice", seqs: [7, 7], fault: "got the event 7, and 8 was to come" },
    { what: "an event from before", seqs: [6], fault: "got the event 6, and 7 was to come" },
  ])("$what is noticed", async ({ seqs, fault }) => {
    const { faults, tell } = await follow(1);
    tell(0, ...seqs);
    await until("a fault", () => faults.length > 0);
    expect(faults[0]).toBe(`Client 0 ${fault}`);
  });

  test("a closed connection is noticed, with its code", async () => {
    const { faults, sockets } = await follow(2);
    sockets[1]?.close(4008, "slow");
    await until("a fault", () => faults.length > 0);
    expect(faults[0]).toBe("Client 1 closed with 4008");
  });
});
