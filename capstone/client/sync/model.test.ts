import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { createRandom } from "../../../shared/wire/random.ts";
import { type BoardState, stateOf } from "../../board/board-state.ts";
import type { Snapshot } from "../../board/events.ts";
import type { BoardClient } from "./board-client.ts";
import { createMemoryOutbox } from "./memory-outbox.ts";
import { type ModelServer, startModelServer } from "./testing/model-server.ts";
import { modelClient } from "./testing/open-client.ts";
import { randomCommand } from "./testing/random-command.ts";

const plain = (state: BoardState) => ({
  ...state,
  tasks: [...state.tasks.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  comments: [...state.comments.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
});

async function settle(server: ModelServer, clients: readonly BoardClient[]): Promise<void> {
  await until(
    "all clients to have come to rest",
    async () => {
      const head = await server.store.head("board-1");
      return clients.every((client) => {
        const { status, pending, view } = client.state();
        return status.state === "live" && pending.length === 0 && view?.seq === head?.seq;
      });
    },
    15_000,
  ).catch((error) => {
    const states = clients.map((client) => {
      const { status, pending, view } = client.state();
      return { status, pending, seq: view?.seq };
    });
    throw new Error(`${error.message}: ${JSON.stringify(states)}`);
  });
}

describe("clients over a bad network", () => {
  test("come to the state of the server, whatever gets lost, repeated, delayed and refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
        const random = createRandom(seed);
        const chance = (of: number) => random() < of;
        const server = await startModelServer(60);
        const { network } = server;
        network.delayMs = () => (chance(0.3) ? random() * 8 : 0);
        network.losesAnswer = () => chance(0.15);
        network.refuses = () => (chance(0.1) ? 503 : undefined);
        network.repeats = () => chance(0.1);
        network.drops = () => chance(0.05);
        const clients = ["alice", "bob", "alice"].map((userId) => modelClient(server, userId));
        for (let step = 0; step < 40; step += 1) {
          const client = clients[Math.floor(random() * clients.length)] as BoardClient;
          const { view } = client.state();
          if (view) client.run(randomCommand(random, view));
          if (chance(0.1)) client.undo();
          if (chance(0.05)) server.cut();
          if (chance(0.1)) {
            client.force(
              (["auto", "socket", "stream", "long-poll", "poll"] as const)[Math.floor(random() * 5)] ??
                "auto",
            );
          }
          if (chance(0.05)) network.isDown = true;
          if (chance(0.4)) network.isDown = false;
          await new Promise((resolve) => setTimeout(resolve, random() * 10));
        }
        network.isDown = false;
        network.refuses = () => undefined;
        network.losesAnswer = () => false;
        network.drops = () => false;
        await settle(server, clients);
        const truth = plain(stateOf((await server.store.snapshot("board-1")) as Snapshot));
        for (const client of clients) {
          const { view } = client.state();
          expect(plain(view as BoardState)).toEqual(truth);
          await client.close();
        }
      }),
      { numRuns: 8 },
    );
  }, 100_000);

  test("nothing is done twice, and what was acknowledged is in the log once", async () => {
    const server = await startModelServer(60);
    const random = createRandom(7);
    server.network.losesAnswer = () => random() < 0.5;
    const client = modelClient(server);
    const ids = Array.from({ length: 20 }, (_, at) => `created-${at}`);
    for (const id of ids) client.run({ type: "create_task", task: { id, listId: "list-todo", title: id } });
    await settle(server, [client]);
    const page = await server.store.eventsBefore("board-1", undefined, 500);
    const created = page
      .filter(({ type }) => type === "task_created")
      .map(({ data }) => (data as { task: { id: string } }).task.id);
    expect(created.filter((id) => id.startsWith("created-")).reverse()).toEqual(ids);
    expect(Math.max(...server.runs.values())).toBeGreaterThan(1);
    expect(client.state().notices).toEqual([]);
  });

  test("what the user does never flickers: a card stays from the click on, and a new title too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
        const random = createRandom(seed);
        const server = await startModelServer(60);
        server.network.delayMs = () => random() * 6;
        server.network.losesAnswer = () => random() < 0.2;
        server.network.refuses = () => (random() < 0.2 ? 503 : undefined);
        const client = modelClient(server, "alice", { outbox: createMemoryOutbox() });
        await until("the board", () => client.state().view);
        const wrong: string[] = [];
        const titles = new Map<string, string>();
        client.subscribe(() => {
          const { view } = client.state();
          for (const [id, title] of titles) {
            const shown = view?.tasks.get(id)?.title;
            if (shown !== title) wrong.push(`${id}: ${shown} instead of ${title}`);
          }
          const positions = [...(view?.tasks.values() ?? [])].map(
            ({ listId, position }) => `${listId} ${position}`,
          );
          if (new Set(positions).size !== positions.length) wrong.push("two tasks in one place");
        });
        for (let at = 0; at < 8; at += 1) {
          const id = `own-${at}`;
          titles.set(id, "First"); // first this line: `run` tells of the change before it returns
          client.run({ type: "create_task", task: { id, listId: "list-todo", title: "First" } });
          await new Promise((resolve) => setTimeout(resolve, random() * 8));
          titles.set(id, `Second ${at}`);
          client.run({ type: "update_task", taskId: id, change: { title: `Second ${at}` } });
          client.run({ type: "move_task", taskId: id, place: { listId: "list-done" } });
          if (random() < 0.2) server.cut();
        }
        await settle(server, [client]);
        expect(wrong).toEqual([]);
        await client.close();
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});
