import { randomBytes } from "node:crypto";
import { createBoards } from "./board.ts";
import type { Database } from "./database.ts";
import { Refusal } from "./refusal.ts";

/** When the demo board was made: the same in every copy, so that two fresh boards are alike. */
const SEEDED_AT = Date.parse("2026-01-05T09:00:00.000Z");

/**
 * Every password is "demo". The hashes were made once, by `hashPassword` of chapter 06: it is slow on purpose, and a demo
 * board is made for every test.
 */
export const USERS = [
  {
    id: "alice",
    name: "Alice",
    isAdmin: 1,
    passwordHash: "$scrypt$ln=14,r=8,p=5$FFPnURKDAXpaMosIdgMXHg$ToBy-QPS6D25xyu89NPkg-p0AysROuFmzYIl8yH2cCA",
  },
  {
    id: "bob",
    name: "Bob",
    isAdmin: 0,
    passwordHash: "$scrypt$ln=14,r=8,p=5$bbA74w2cLKOSjc6BkUSYpA$uagqsK9ueKRXqe6HBpevknlKgSW9JNCLM349aOigaAk",
  },
  {
    id: "carol",
    name: "Carol",
    isAdmin: 0,
    passwordHash: "$scrypt$ln=14,r=8,p=5$mVoigUm8kCSe-JxDEe2xrw$tP-JDCl-92_uQDlP8_LwshRjh_SZNm2vUoE641NtmnM",
  },
];

/**
 * Puts the demo users and boards into an empty database; leaves any other alone.
 * The boards are made by the same functions that the apps call, so that their logs tell how they came to be.
 *
 * @returns the database, so that opening and seeding read as one step
 */
export function seed(database: Database): Database {
  const run = database.transaction(() => {
    if (database.prepare("SELECT 1 FROM users").get()) return;
    const insertUser = database.prepare(
      "INSERT INTO users (id, name, is_admin, password_hash) VALUES (?, ?, ?, ?)",
    );
    for (const { id, name, isAdmin, passwordHash } of USERS) insertUser.run(id, name, isAdmin, passwordHash);

    const insertBoard = database.prepare(
      "INSERT INTO boards (id, name, epoch, created_at) VALUES (?, ?, ?, ?)",
    );
    insertBoard.run("board-1", "Website launch", newEpoch(), SEEDED_AT);
    insertBoard.run("board-2", "Carol's board", newEpoch(), SEEDED_AT);

    const boards = createBoards(database, () => SEEDED_AT);
    const steps = [
      boards.addMember("alice", "board-1", { userId: "alice", role: "owner" }),
      boards.addMember("alice", "board-1", { userId: "bob" }),
      boards.createList("alice", "board-1", { id: "list-todo", name: "To do" }),
      boards.createList("alice", "board-1", { id: "list-doing", name: "Doing" }),
      boards.createList("alice", "board-1", { id: "list-done", name: "Done" }),
      boards.createTask("alice", { id: "task-1", listId: "list-todo", title: "Write the release notes" }),
      boards.createTask("bob", { id: "task-2", listId: "list-todo", title: "Check the page on a phone" }),
      boards.createTask("bob", {
        id: "task-3",
        listId: "list-doing",
        title: "Draw the logo",
        assigneeId: "bob",
      }),
      boards.createTask("alice", { id: "task-4", listId: "list-done", title: "Buy the domain" }),
      boards.addMember("carol", "board-2", { userId: "carol", role: "owner" }),
    ];
    const refused = steps.find((step) => step instanceof Refusal);
    if (refused) throw new Error(`The seed data is wrong: ${refused.message}`);
  });
  run.immediate();
  return database;
}

/** A name for a new log that no other log has: 48 random bits, as hexadecimal digits. */
function newEpoch(): string {
  return randomBytes(6).toString("hex");
}
