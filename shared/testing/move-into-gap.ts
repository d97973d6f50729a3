// A process of its own for board.test.ts: moves tasks into one gap of a list, again and again.
// Arguments: the database file, the prefix of its tasks, how many moves.
import { setTimeout } from "node:timers/promises";
import { createBoards } from "../board.ts";
import { openDatabase } from "../database.ts";
import { Refusal } from "../refusal.ts";

const [file, prefix, moves] = process.argv.slice(2);
if (!file || !prefix || !moves) throw new Error("usage: move-into-gap FILE PREFIX MOVES");
const boards = createBoards(openDatabase(file));

let busy = 0;
process.on("message", async () => {
  for (let move = 0; move < Number(moves); move += 1) {
    // SQLite's lock is not fair: without a breath between two moves, one process makes all of its moves first.
    await setTimeout(1);
    for (;;) {
      const result = boards.moveTask("alice", `${prefix}-${move % 20}`, {
        listId: "list-todo",
        afterId: "task-1",
        beforeId: "task-2",
      });
      if (!(result instanceof Refusal)) break;
      if (result.code !== "busy") throw new Error(result.message);
      busy += 1;
    }
  }
  process.send?.({ busy }, () => process.exit());
});
process.send?.("ready");
