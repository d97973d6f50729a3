-- The one schema of the course: every chapter, every exercise and the capstone use it.
-- Times are milliseconds since 1970-01-01 UTC. Ids are text.

-- Who there is. Used from chapter 00; password_hash and is_admin from chapter 06.
CREATE TABLE users (
  id            TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  password_hash TEXT,
  is_admin      INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1))
) STRICT;

-- A board and the head of its log. Used from chapter 00.
CREATE TABLE boards (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  -- The seq of the board's last event: the counter that numbers them 1, 2, 3…
  seq        INTEGER NOT NULL DEFAULT 0 CHECK (seq >= 0),
  -- Names this log. A cursor from a log with another epoch means nothing here.
  epoch      TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Who may be on a board. Written from chapter 00; decides anything only from chapter 06.
CREATE TABLE board_members (
  board_id TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
  user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role     TEXT NOT NULL DEFAULT 'editor' CHECK (role IN ('owner', 'editor', 'viewer')),
  PRIMARY KEY (board_id, user_id)
) STRICT, WITHOUT ROWID;

-- The lists of a board, in the order of their positions. Used from chapter 00.
CREATE TABLE lists (
  id       TEXT PRIMARY KEY,
  board_id TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
  name     TEXT NOT NULL,
  -- A fractional index: text that sorts bytewise, with room between any two.
  position TEXT NOT NULL,
  UNIQUE (board_id, position)
) STRICT;

-- The tasks. Used from chapter 00.
CREATE TABLE tasks (
  id          TEXT PRIMARY KEY,
  list_id     TEXT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  title       TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  assignee_id TEXT REFERENCES users (id) ON DELETE SET NULL,
  position    TEXT NOT NULL,
  -- Goes up by one with every change of title, description or assignee.
  version     INTEGER NOT NULL DEFAULT 1,
  updated_at  INTEGER NOT NULL,
  UNIQUE (list_id, position)
) STRICT;

-- The log: every change to a board, in order, for ever (until a retention limit says otherwise).
-- A row is written in the transaction that makes the change. Used from chapter 00, read from chapter 01.
CREATE TABLE events (
  board_id   TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
  seq        INTEGER NOT NULL,
  type       TEXT NOT NULL,
  data       TEXT NOT NULL CHECK (json_valid(data)),
  actor_id   TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (board_id, seq)
) STRICT, WITHOUT ROWID;

-- What a sign-in left behind. The id is stored hashed. Used from chapter 06.
CREATE TABLE sessions (
  id_hash    TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a command with a key was answered, so that a repeat is answered the same. Used from chapter 07.
CREATE TABLE idempotency_keys (
  user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key          TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status       INTEGER NOT NULL,
  body         TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

-- Where other programs want to hear of a board's events. Used from chapter 08.
CREATE TABLE webhooks (
  id          TEXT PRIMARY KEY,
  board_id    TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
  url         TEXT NOT NULL,
  secret      TEXT NOT NULL,
  -- The last seq that was delivered.
  cursor      INTEGER NOT NULL,
  failures    INTEGER NOT NULL DEFAULT 0,
  disabled_at INTEGER,
  created_at  INTEGER NOT NULL
) STRICT;

-- From here on: what the capstone adds. The chapters do without it.

-- The seq at which all lists of the board, or all tasks of the list, got new positions.
ALTER TABLE boards ADD COLUMN rebalanced_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lists ADD COLUMN rebalanced_seq INTEGER NOT NULL DEFAULT 0;

-- An array of text, as JSON.
ALTER TABLE tasks ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
-- A calendar day, 2026-11-30.
ALTER TABLE tasks ADD COLUMN due_on TEXT;
ALTER TABLE tasks ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
-- The version at which this text last changed, and who changed it (null: who made the task).
ALTER TABLE tasks ADD COLUMN title_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tasks ADD COLUMN title_by TEXT;
ALTER TABLE tasks ADD COLUMN description_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tasks ADD COLUMN description_by TEXT;
-- The last move.
ALTER TABLE tasks ADD COLUMN moved_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN moved_by TEXT;

-- These three are never sent. The task or list that the event is about.
ALTER TABLE events ADD COLUMN subject_id TEXT;
-- What it takes to take the event back, as JSON. Null: it cannot be taken back.
ALTER TABLE events ADD COLUMN undo TEXT;
-- The event that has taken it back.
ALTER TABLE events ADD COLUMN undone_by INTEGER;
CREATE INDEX events_by_subject ON events (board_id, subject_id, seq) WHERE subject_id IS NOT NULL;

-- The seq of the command's last event. Null: it was refused.
ALTER TABLE idempotency_keys ADD COLUMN seq INTEGER;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE INDEX board_members_by_user ON board_members (user_id);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX webhooks_by_board ON webhooks (board_id);

-- What people say about a task.
CREATE TABLE comments (
  id         TEXT PRIMARY KEY,
  task_id    TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  author_id  TEXT NOT NULL,
  text       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX comments_by_task ON comments (task_id, created_at);

-- The ids of tasks, lists and comments that were deleted: so that whoever edits one can be told so.
CREATE TABLE deletions (
  kind     TEXT NOT NULL CHECK (kind IN ('task', 'list', 'comment')),
  id       TEXT NOT NULL,
  board_id TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
  actor_id TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX deletions_by_board ON deletions (board_id, seq);

-- Links by which somebody can join a board. What is in the link is stored hashed.
CREATE TABLE invitations (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  board_id   TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
  role       TEXT NOT NULL CHECK (role IN ('editor', 'viewer')),
  created_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX invitations_by_board ON invitations (board_id);

-- With what programs sign in for a user. The token is stored hashed.
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
