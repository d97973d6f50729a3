import { readFileSync } from "node:fs";
import SQLite from "better-sqlite3";

export type Database = SQLite.Database;

/** A file that this course cannot use, with a sentence that says what to do. */
export class DatabaseError extends Error {}

/** Marks a file as ours (SQLite's `application_id`): "RTAP". */
const APPLICATION_ID = 0x52544150;

/** How long a statement waits for another process's write lock, in milliseconds. It blocks this process. */
const BUSY_TIMEOUT_MS = 250;

/**
 * Step n turns a file of schema version n + 1 into one of version n + 2. When `schema.sql` changes, its change is
 * appended here, so that a new file and a migrated one are the same.
 */
const MIGRATIONS: readonly string[] = [
  // To version 2, which the capstone needs.
  `
  ALTER TABLE boards ADD COLUMN rebalanced_seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE lists ADD COLUMN rebalanced_seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE tasks ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE tasks ADD COLUMN due_on TEXT;
  ALTER TABLE tasks ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
  ALTER TABLE tasks ADD COLUMN title_version INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE tasks ADD COLUMN title_by TEXT;
  ALTER TABLE tasks ADD COLUMN description_version INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE tasks ADD COLUMN description_by TEXT;
  ALTER TABLE tasks ADD COLUMN moved_seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE tasks ADD COLUMN moved_by TEXT;
  -- Which of the texts changed at which version is not known any more: then both have.
  UPDATE tasks SET title_version = version, description_version = version;
  UPDATE tasks SET created_by = events.actor_id FROM events
    WHERE events.type = 'task_created' AND events.data ->> '$.task.id' = tasks.id;
  ALTER TABLE events ADD COLUMN subject_id TEXT;
  ALTER TABLE events ADD COLUMN undo TEXT;
  ALTER TABLE events ADD COLUMN undone_by INTEGER;
  CREATE INDEX events_by_subject ON events (board_id, subject_id, seq) WHERE subject_id IS NOT NULL;
  ALTER TABLE idempotency_keys ADD COLUMN seq INTEGER;
  CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
  CREATE TABLE comments (
    id         TEXT PRIMARY KEY,
    task_id    TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    author_id  TEXT NOT NULL,
    text       TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX comments_by_task ON comments (task_id, created_at);
  CREATE TABLE deletions (
    kind     TEXT NOT NULL CHECK (kind IN ('task', 'list', 'comment')),
    id       TEXT NOT NULL,
    board_id TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    actor_id TEXT NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deletions_by_board ON deletions (board_id, seq);
  CREATE TABLE invitations (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    board_id   TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    role       TEXT NOT NULL CHECK (role IN ('editor', 'viewer')),
    created_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX invitations_by_board ON invitations (board_id);
  CREATE TABLE api_tokens (
    id           TEXT PRIMARY KEY,
    hash         TEXT NOT NULL UNIQUE,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    scope        TEXT NOT NULL CHECK (scope IN ('read', 'write')),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;
  CREATE INDEX api_tokens_by_user ON api_tokens (user_id);
  CREATE INDEX board_members_by_user ON board_members (user_id);
  CREATE INDEX sessions_by_user ON sessions (user_id);
  CREATE INDEX webhooks_by_board ON webhooks (board_id);
  `,
];

/**
 * Opens a board database: creates the schema in an empty file, migrates an older file.
 *
 * @param file a path, or `":memory:"` for a database that ends with its connection
 * @throws {DatabaseError} when the file cannot be opened, belongs to something else, or is of a newer schema
 */
export function openDatabase(file = ":memory:"): Database {
  const database = connect(file);
  try {
    // First of all: a file that is not ours must be left exactly as it was.
    migrate(database, readFileSync(new URL("schema.sql", import.meta.url), "utf8"), MIGRATIONS);
    // Readers do not block the writer, nor the writer them. https://sqlite.org/wal.html
    database.pragma("journal_mode = WAL");
    // A committed event survives a power cut: without it, a client could hold a cursor that the log has lost.
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
    return database;
  } catch (error) {
    database.close();
    if (error instanceof SQLite.SqliteError) throw new DatabaseError(`${file} ${explain(error)}`);
    throw error instanceof DatabaseError ? new DatabaseError(`${file} ${error.message}`) : error;
  }
}

function explain({ code, message }: InstanceType<typeof SQLite.SqliteError>): string {
  if (code === "SQLITE_NOTADB") return "is not an SQLite database: choose another file.";
  if (code.startsWith("SQLITE_BUSY")) return "is being written by another process: try again.";
  return `cannot be used as a database: ${message}.`;
}

function connect(file: string): Database {
  try {
    return new SQLite(file, { timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_DLOPEN_FAILED") {
      throw new DatabaseError("better-sqlite3 was built for another Node: run npm rebuild better-sqlite3.");
    }
    throw new DatabaseError(`${file} cannot be opened as a database: ${(error as Error).message}.`);
  }
}

/**
 * Brings a database to the newest schema in one transaction; the version is SQLite's `user_version`.
 *
 * @param schema creates the newest schema, version `migrations.length + 1`
 * @throws {DatabaseError} when the database is not ours or is newer than that
 */
export function migrate(database: Database, schema: string, migrations: readonly string[]): void {
  const newest = migrations.length + 1;
  const run = database.transaction(() => {
    const version = database.pragma("user_version", { simple: true }) as number;
    const isEmpty = database.prepare("SELECT 1 FROM sqlite_schema").get() === undefined;
    if (isEmpty) {
      database.exec(schema);
    } else if (database.pragma("application_id", { simple: true }) !== APPLICATION_ID || version < 1) {
      throw new DatabaseError("was made by another program: choose another file.");
    } else if (version > newest) {
      throw new DatabaseError(
        `has schema version ${version}, and this version of the course knows ${newest}: update the course, or choose another file.`,
      );
    } else {
      for (const step of migrations.slice(version - 1)) database.exec(step);
    }
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${newest}`);
  });
  // The lock is taken before the version is read: two processes that open a new file do not both create it.
  run.immediate();
}
