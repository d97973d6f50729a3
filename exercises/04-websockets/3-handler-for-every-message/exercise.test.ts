import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type Log, settled, test, waitFor } from "../../../shared/testing/exercise-test.ts";
import { type BoardEvent, createBoardClient } from "./exercise.ts";

interface Change {
  readonly id: number;
  readonly title: string;
}

/** How long something may take that a wrong answer never does. */
const SOON_MS = 500;

/** Alice's client on a real socket, and a server that does what the test says. */
async function connect(log: Log, onChange: (change: Change) => void = () => {}) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  const changes: Change[] = [];
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const change = JSON.parse(String(data)) as Change;
      log(`alice → ${JSON.stringify(change)}`);
      changes.push(change);
      onChange(change);
    });
  });
  await waitFor("the server to listen", () => server.address());
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  socket.on("error", () => {});
  await waitFor(
    "alice's socket to open",
    () => socket.readyState === socket.OPEN && server.clients.size === 1,
  );

  function tell(message: object): void {
    log(`alice ← ${JSON.stringify(message)}`);
    for (const client of server.clients) client.send(JSON.stringify(message));
  }
  return {
    socket,
    client: createBoardClient(socket),
    answer: (change: Change | undefined, seq: number) => tell({ type: "answer", id: change?.id, seq }),
    refuse: (change: Change) => tell({ type: "answer", id: change.id, error: "too long" }),
    tellEvent: (event: BoardEvent) => tell({ type: "event", event }),
    /** Waits until so many changes have come to the server. */
    async has(count: number) {
      await waitFor(
        `the server to get change ${count}`,
        () => changes.length === count,
        () => changes,
      );
      return changes;
    },
    cut() {
      log("the connection is cut");
      for (const client of server.clients) client.terminate();
    },
  };
}

/** How a change has ended, as a text. */
function outcome(change: Promise<number>): Promise<string> {
  return change.then(
    (seq) => `seq ${seq}`,
    (error: Error) => `rejected: ${error.message}`,
  );
}

test("a change is answered or refused", async ({ log }) => {
  const alice = await connect(log, (change) =>
    change.title === "Buy paint" ? alice.answer(change, 7) : alice.refuse(change),
  );
  const outcomes = [];
  for (const title of ["Buy paint", "Buy a thousand brushes"]) {
    outcomes.push(
      await settled("the answer to alice's change", outcome(alice.client.change({ title })), SOON_MS),
    );
  }
  expect(outcomes, "how the two changes ended").toEqual(["seq 7", "rejected: too long"]);
});

test("the twentieth change leaves as many handlers behind as the first: none", async ({ log }) => {
  const alice = await connect(log, (change) =>
    Number(change.title) % 3 === 1 ? alice.refuse(change) : alice.answer(change, Number(change.title)),
  );
  const change = (title: number) =>
    settled(`the answer to change ${title}`, outcome(alice.client.change({ title: String(title) })), SOON_MS);
  const handlers = () => ({
    message: alice.socket.listenerCount("message"),
    close: alice.socket.listenerCount("close"),
  });
  // Whatever an answer adds once, and keeps, is there after this.
  await change(0);
  const before = handlers();
  for (let title = 1; title <= 20; title += 1) await change(title);
  const after = handlers();
  const more = { message: after.message - before.message, close: after.close - before.close };
  expect(more, "the handlers that twenty changes left on alice's socket").toEqual({ message: 0, close: 0 });
});

test("each of two changes gets its own answer, whichever comes first", async ({ log }) => {
  const alice = await connect(log);
  const outcomes: Record<string, string> = {};
  const change = (title: string) => {
    outcomes[title] = "still waiting";
    void outcome(alice.client.change({ title })).then((text) => {
      outcomes[title] = text;
    });
  };
  for (const title of ["Buy paint", "Buy a brush"]) change(title);
  const [paint, brush] = await alice.has(2);
  alice.answer(brush, 7);
  alice.answer(paint, 8);
  for (const title of ["Call bob", "Call carol"]) change(title);
  const [, , bob, carol] = await alice.has(4);
  alice.answer(bob, 9);
  alice.answer(carol, 10);
  await waitFor(
    "the answers to all four changes",
    () => !Object.values(outcomes).includes("still waiting"),
    () => outcomes,
    SOON_MS,
  );
  expect(outcomes, "how the four changes ended").toEqual({
    "Buy paint": "seq 8",
    "Buy a brush": "seq 7",
    "Call bob": "seq 9",
    "Call carol": "seq 10",
  });
});

test("events come to the page before an answer and after it, and the answer comes too", async ({ log }) => {
  const alice = await connect(log);
  const events: BoardEvent[] = [];
  alice.client.onEvent((event) => events.push(event));
  const ended = outcome(alice.client.change({ title: "Buy paint" }));
  const [change] = await alice.has(1);
  alice.tellEvent({ seq: 7, title: "Call bob" });
  alice.answer(change, 8);
  await settled("the answer to alice's change", ended, SOON_MS);
  alice.tellEvent({ seq: 9, title: "Call carol" });
  await waitFor(
    "alice's page to get event 9",
    () => events.some(({ seq }) => seq === 9),
    () => events,
    SOON_MS,
  );
});

test("a change is rejected when the socket ends before the answer", async ({ log }) => {
  const alice = await connect(log);
  let ended = "still waiting";
  void outcome(alice.client.change({ title: "Buy paint" })).then((text) => {
    ended = text;
  });
  await alice.has(1);
  alice.cut();
  await waitFor("alice's socket to be closed", () => alice.socket.readyState === alice.socket.CLOSED);
  // One turn more, for what is done about it.
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended, "how the change ended").toBe("rejected: the socket ended before the answer");
});

test("a change is rejected at the end also when another one has been answered before", async ({ log }) => {
  const alice = await connect(log);
  const answered = outcome(alice.client.change({ title: "Buy paint" }));
  let ended = "still waiting";
  void outcome(alice.client.change({ title: "Buy a brush" })).then((text) => {
    ended = text;
  });
  const [paint] = await alice.has(2);
  alice.answer(paint, 7);
  await settled("the answer to alice's first change", answered, SOON_MS);
  alice.cut();
  await waitFor("alice's socket to be closed", () => alice.socket.readyState === alice.socket.CLOSED);
  // One turn more, for what is done about it.
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended, "how the second change ended").toBe("rejected: the socket ended before the answer");
});
