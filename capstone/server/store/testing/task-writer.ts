// A process of its own for sqlite-store.test.ts: creates tasks with keys, many at once, and reports each answer.
// Arguments: the database file, the prefix of its tasks and keys, how many tasks.
import { setTimeout } from "node:timers/promises";
import { openDatabase } from "../../../../shared/database.ts";
import { openSqliteStore } from "../sqlite-store.ts";
import { creation } from "./creation.ts";

const [file, prefix, count] = process.argv.slice(2);
if (!file || !prefix || !count) throw new Error("usage: task-writer FILE PREFIX COUNT");
const store = openSqliteStore({ database: openDatabase(file) });
const WRITERS = 8;

process.on("message", async () => {
  let next = 0;
  const write = async () => {
    while (next < Number(count)) {
      const index = next++;
      // SQLite's lock is not fair: without a breath, one process makes all of its changes first.
      await setTimeout(1);
      const [command, key] = creation(prefix, index);
      for (;;) {
        const { status, seq } = await store.run("alice", key, command);
        if (status === 503) continue;
        process.send?.({ index, status, seq });
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await store.close();
  process.send?.("done", () => process.exit());
});
process.send?.("ready");
