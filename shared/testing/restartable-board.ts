import { expect } from "vitest";
import type { Database } from "../database.ts";
import type { Servable } from "../serve.ts";
import { withPage } from "../web/page.ts";
import { accepted, demoBoard, snapshotOf } from "./demo-board.ts";
import { startServer } from "./start-server.ts";
import { until } from "./until.ts";

export type RestartableBoard = Awaited<ReturnType<typeof restartableBoard>>;

/**
 * A chapter's server that can be stopped and started again, on the same port and with the same board.
 * @param folder the chapter's, for its page
 */
export async function restartableBoard(createApp: (database: Database) => Servable, folder: string) {
  const { database, boards } = demoBoard();
  const create = () => withPage(createApp(database), folder);
  let server = await startServer(create(), { graceMs: 100 });
  const { port, url } = server;
  let count = 0;
  return {
    url,
    port,
    epoch: snapshotOf(boards).board.epoch,
    /** A change that a client hears of. */
    change: async () => {
      count += 1;
      const response = await fetch(`${url}/tasks/task-1`, {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ title: `Change ${count}` }),
      });
      expect(response.status).toBe(200);
    },
    /** A change while nobody is there to tell of it. */
    changeUnseen: () => accepted(boards.renameBoard("alice", "board-1", { name: "Unseen" })),
    stop: () => server.close(),
    start: async () => {
      server = await startServer(create(), { port, graceMs: 100 });
    },
  };
}

/**
 * Lets a client follow through a restart: live, away, back, live.
 * @param seqs what it has received so far, after seq 9
 */
export async function followThroughRestart(
  board: RestartableBoard,
  seqs: () => readonly number[],
): Promise<void> {
  await board.change();
  await board.change();
  await until("the first events", () => seqs().length === 2, 10_000);
  await board.stop();
  board.changeUnseen();
  await board.start();
  await until("the event that was missed", () => seqs().length >= 3, 10_000);
  await board.change();
  await until("the last event", () => seqs().length >= 4, 10_000);
  expect(seqs()).toEqual([10, 11, 12, 13]);
}
