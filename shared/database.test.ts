import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { DatabaseError, migrate, openDatabase } from "./database.ts";
import { seed } from "./seed.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

/** What a schema comes to, however it came about. */
function shapeOf(database: SQLite.Database) {
  const names = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all();
  return names.map((name) => ({
    name,
    columns: database.pragma(`table_xinfo(${name})`),
    references: database.pragma(`foreign_key_list(${name})`),
    indexes: (database.pragma(`index_list(${name})`) as { name: string; unique: number }[])
      .map((index) => ({ ...index, seq: 0, columns: database.pragma(`index_info(${index.name})`) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }));
}

describe("openDatabase", () => {
  test("a file is in WAL mode with full synchronisation, foreign keys and a short busy timeout", () => {
    const database = openDatabase(join(temporaryFolder(), "board.sqlite"));
    const pragma = (name: string) => database.pragma(name, { simple: true });
    expect(pragma("journal_mode")).toBe("wal");
    expect(pragma("synchronous")).toBe(2); // FULL
    expect(pragma("foreign_keys")).toBe(1);
    expect(pragma("busy_timeout")).toBe(250);
    database.close();
  });

  test("what was written is there when the file is opened again, and seeding again changes nothing", () => {
    const file = join(temporaryFolder(), "board.sqlite");
    const rows = (database: SQLite.Database) => database.prepare("SELECT * FROM events").all();
    const first = seed(openDatabase(file));
    const before = rows(first);
    first.close();
    const again = seed(openDatabase(file));
    expect(before).toHaveLength(10);
    expect(rows(again)).toEqual(before);
    again.close();
  });

  test("a file that is not ours is refused with one sentence and left exactly as it was", () => {
    const folder = temporaryFolder();
    const text = join(folder, "notes.txt");
    writeFileSync(text, "just some text, long enough to be more than a header ".repeat(20));
    const other = join(folder, "other.sqlite");
    new SQLite(other).exec("CREATE TABLE songs (title TEXT)").close();
    for (const [file, sentence] of [
      [text, /notes\.txt is not an SQLite database: choose another file\.$/],
      [other, /other\.sqlite was made by another program: choose another file\.$/],
      [folder, /cannot be opened as a database/],
      [join(folder, "missing", "x.sqlite"), /cannot be opened as a database/],
    ] as const) {
      expect(() => openDatabase(file)).toThrow(DatabaseError);
      expect(() => openDatabase(file)).toThrow(sentence);
    }
    expect(readFileSync(text, "utf8")).toMatch(/^just some text/);
    const untouched = new SQLite(other);
    expect(untouched.pragma("journal_mode", { simple: true })).toBe("delete");
    expect(untouched.prepare("SELECT count(*) AS n FROM sqlite_schema").get()).toEqual({ n: 1 });
    untouched.close();
  });

  test("a file of a newer schema is refused with one sentence", () => {
    const file = join(temporaryFolder(), "board.sqlite");
    const database = openDatabase(file);
    database.pragma("user_version = 99");
    database.close();
    expect(() => openDatabase(file)).toThrow(/has schema version 99.*update the course/);
  });

  test("a file of the first schema is migrated: then it is as a new one, and its tasks say who made them", () => {
    const file = join(temporaryFolder(), "board.sqlite");
    const old = new SQLite(file);
    migrate(old, readFileSync(new URL("testing/schema-1.sql", import.meta.url), "utf8"), []);
    seed(old);
    old.exec("UPDATE tasks SET version = 3 WHERE id = 'task-2'");
    old.close();
    const migrated = openDatabase(file);
    const fresh = seed(openDatabase());
    expect(shapeOf(migrated)).toEqual(shapeOf(fresh));
    expect(shapeOf(fresh).length).toBeGreaterThan(15);
    expect(
      migrated.prepare("SELECT created_by, title_version, labels FROM tasks WHERE id = 'task-2'").get(),
    ).toEqual({ created_by: "bob", title_version: 3, labels: "[]" });
    expect(migrated.prepare("SELECT * FROM events").all()).toHaveLength(10);
    migrated.close();
    fresh.close();
  });

  test("a file that another process is writing is refused with one sentence", () => {
    const file = join(temporaryFolder(), "board.sqlite");
    const writer = openDatabase(file);
    writer.exec("BEGIN IMMEDIATE");
    expect(() => openDatabase(file)).toThrow(/is being written by another process: try again/);
    writer.close();
  });
});

describe("migrate", () => {
  const V1 = "CREATE TABLE notes (id TEXT PRIMARY KEY) STRICT";
  const V2 = "CREATE TABLE notes (id TEXT PRIMARY KEY, pinned INTEGER NOT NULL DEFAULT 0) STRICT";
  const TO_V2 = "ALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0";

  test("an older file gets the steps that it lacks, and keeps its rows", () => {
    const database = new SQLite(":memory:");
    migrate(database, V1, []);
    database.exec("INSERT INTO notes (id) VALUES ('a')");
    migrate(database, V2, [TO_V2]);
    expect(database.prepare("SELECT * FROM notes").all()).toEqual([{ id: "a", pinned: 0 }]);
    migrate(database, V2, [TO_V2]); // nothing left to do
    expect(database.pragma("user_version", { simple: true })).toBe(2);
  });

  test("a step that fails leaves the file at its old version", () => {
    const database = new SQLite(":memory:");
    migrate(database, V1, []);
    expect(() => migrate(database, V2, [`${TO_V2}; SELECT nonsense`])).toThrow(/nonsense/);
    expect(database.pragma("user_version", { simple: true })).toBe(1);
    expect(database.prepare("SELECT * FROM pragma_table_info('notes')").all()).toHaveLength(1);
  });
});
