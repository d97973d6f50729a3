import { EventEmitter } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type Log, test, waitFor } from "../../../shared/testing/exercise-test.ts";
import { type HeartbeatSocket, startHeartbeat } from "./exercise.ts";

const HEARTBEAT_MS = 1_000;
/** How long a ping and its pong are under way. */
const PONG_MS = 5;

/** A server with a heartbeat, and sockets that write down what is done to them. */
function startServer(log: Log) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const clients = new Set<HeartbeatSocket>();
  const events = new EventEmitter();
  const done: Record<string, string[]> = {};
  log(`startHeartbeat(server, ${HEARTBEAT_MS})`);
  startHeartbeat(
    {
      clients,
      on: (event: string, handler: (socket: HeartbeatSocket) => void) => events.on(event, handler),
    },
    HEARTBEAT_MS,
  );

  /** @param answers whether it answers pings */
  function connect(who: string, { answers = true, readyState = 1 } = {}): void {
    log(`${who} connects${answers ? "" : ", and will not answer"}`);
    const socketEvents = new EventEmitter();
    const doneHere: string[] = [];
    done[who] = doneHere;
    function note(what: string): void {
      log(`${who} ← ${what}()`);
      doneHere.push(what);
    }
    const socket = {
      OPEN: 1 as const,
      readyState,
      ping() {
        note("ping");
        if (!answers) return;
        setTimeout(() => {
          log(`${who} → pong`);
          socketEvents.emit("pong", Buffer.alloc(0));
        }, PONG_MS);
      },
      close() {
        note("close");
        socket.readyState = 2;
      },
      terminate() {
        note("terminate");
        socket.readyState = 3;
        clients.delete(socket);
      },
      on: (event: string, handler: () => void) => socketEvents.on(event, handler),
    };
    clients.add(socket);
    events.emit("connection", socket);
  }

  return {
    done,
    connect,
    wait(ms: number): void {
      log(`${ms} ms go by`);
      vi.advanceTimersByTime(ms);
    },
    close(): void {
      log("the server closes");
      events.emit("close");
    },
  };
}

test("a socket that answers is asked in every round, and stays", ({ log }) => {
  const server = startServer(log);
  server.connect("alice");
  server.wait(3.5 * HEARTBEAT_MS);
  expect(server.done, "what was done to the socket in three rounds").toEqual({
    alice: ["ping", "ping", "ping"],
  });
});

test("a socket that does not answer is cut in the next round, and the others stay", ({ log }) => {
  const server = startServer(log);
  server.connect("alice");
  server.connect("bob", { answers: false });
  server.wait(3.5 * HEARTBEAT_MS);
  expect(server.done, "what was done to the sockets in three rounds").toEqual({
    alice: ["ping", "ping", "ping"],
    bob: ["ping", "terminate"],
  });
});

test("a socket that comes between two rounds is asked before it is judged", ({ log }) => {
  const server = startServer(log);
  server.connect("alice");
  server.wait(1.5 * HEARTBEAT_MS);
  server.connect("bob");
  server.wait(HEARTBEAT_MS);
  expect(server.done.bob, "what was done to Bob's socket in its first round").toEqual(["ping"]);
});

test("a socket that is closing is left alone", ({ log }) => {
  const server = startServer(log);
  server.connect("bob", { answers: false, readyState: 3 });
  server.connect("carol", { answers: false, readyState: 2 });
  server.wait(3.5 * HEARTBEAT_MS);
  expect(server.done, "what was done to a closed and to a closing socket in three rounds").toEqual({
    bob: [],
    carol: [],
  });
});

test("there is one timer, and it ends with the server", ({ log }) => {
  const server = startServer(log);
  server.connect("alice");
  server.connect("bob");
  server.wait(1.25 * HEARTBEAT_MS);
  const open = vi.getTimerCount();
  server.close();
  const closed = vi.getTimerCount();
  expect({ open, closed }, "the timers while two are connected, and after the server has closed").toEqual({
    open: 1,
    closed: 0,
  });
});

test("a real client that has stopped reading is gone after two rounds", async ({ log }) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => void server.close());
  log("startHeartbeat(server, 20), with a real server");
  startHeartbeat(server, 20);
  await waitFor("the server to listen", () => server.address());
  const bob = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => bob.terminate());
  bob.on("error", () => {});
  await waitFor("Bob's socket to open", () => bob.readyState === bob.OPEN);
  log("Bob shuts his laptop: his client reads nothing more");
  bob.pause();
  await waitFor(
    "the server to be rid of Bob",
    () => server.clients.size === 0,
    () => "Bob's socket is still there",
  );
});
