// The store in one SQLite file. What is read is read at once; what is written waits for the next commit, which many may share.
import { performance } from "node:perf_hooks";
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { BoardEvent } from "../../board/events.ts";
import { createAccounts } from "./accounts.ts";
import { createBoardLog, type Step } from "./board-log.ts";
import { createBoardReading } from "./board-reading.ts";
import { createBoards } from "./boards.ts";
import { createCommitQueue } from "./commit-queue.ts";
import { createDecisions } from "./decisions.ts";
import { createIdempotentAnswers } from "./idempotent-answers.ts";
import { readExport } from "./import-board.ts";
import { createInvitations } from "./invitations.ts";
import { answerOf } from "./refused.ts";
import { createSearch } from "./search.ts";
import { prepareStatements } from "./statements.ts";
import type { Store } from "./store.ts";
import { createWebhookRows } from "./webhook-rows.ts";

export interface SqliteStoreOptions {
  /** From `openDatabase`. The store's alone from now on; `close` closes it. */
  readonly database: Database;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** How many events of each board stay. Default: all. */
  readonly keepEvents?: number | undefined;
  /** How long a busy board waits for more changes to commit together, in milliseconds. Default 5. */
  readonly commitWindowMs?: number | undefined;
  /** The most changes in one commit. Default 256. */
  readonly maxBatch?: number | undefined;
  /** The most changes that wait; more are answered `busy`. Default 10,000. */
  readonly maxWaiting?: number | undefined;
  /** How long a change waits while another process is writing, in milliseconds. Then it is answered `busy`. Default 1,000. */
  readonly patienceMs?: number | undefined;
  /** Is told why something could not be committed, and what listeners have thrown. Default: `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Waiting in a statement blocks this whole process; the queue tries again by itself, without that. */
const BUSY_TIMEOUT_MS = 10;

export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { database, now = Date.now, onError = console.error } = options;
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const sql = prepareStatements(database);
  const log = createBoardLog(sql, options.keepEvents);
  const decisions = createDecisions(database, sql, log);
  const idempotency = createIdempotentAnswers(database, now);
  const reading = createBoardReading(database, sql);
  const boards = createBoards(database, sql, decisions);
  const accounts = createAccounts(database, now);
  const invitations = createInvitations(database, sql, decisions);
  const webhooks = createWebhookRows(database, sql, now);
  const search = createSearch(database);
  const listeners = new Set<(events: readonly BoardEvent[]) => void>();

  const transaction = database.transaction((work: () => void) => work());
  const part = database.transaction((work: () => unknown) => log.gather(work));
  const queue = createCommitQueue({
    // Not the default BEGIN: with it, two processes could both read, and then one of them would fail to write.
    transaction: (work) => transaction.immediate(work),
    part: (work) => part(work) as ReturnType<typeof work>,
    isOpen: () => database.inTransaction,
    onCommit: () => tell(log.take()),
    onRollback: () => void log.take(),
    onError,
    windowMs: options.commitWindowMs,
    maxBatch: options.maxBatch,
    maxWaiting: options.maxWaiting,
    patienceMs: options.patienceMs,
    now: () => performance.now(),
  });

  function tell(events: readonly BoardEvent[]): void {
    if (events.length === 0) return;
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** Writes something that can be refused: what is thrown as a `Refusal` is returned, and undone. */
  async function write<T>(work: () => T): Promise<T | Refusal> {
    try {
      return await queue.run(work);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** Writes something that cannot be refused: a queue that is busy is an error, as SQLite would say it. */
  async function writeSurely<T>(work: () => T): Promise<T> {
    const result = await queue.run(work);
    if (result instanceof Refusal) throw Object.assign(new Error(result.message), { code: "SQLITE_BUSY" });
    return result;
  }

  const step = (userId: string): Step => ({ userId, at: now() });

  return {
    async run(userId, key, command) {
      const carryOut = () => decisions.decide(step(userId), command);
      const answer = await queue.run(() =>
        key === undefined ? carryOut() : idempotency.answerOnce(userId, key, command, carryOut),
      );
      return answer instanceof Refusal ? answerOf(answer) : answer;
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    head: async (boardId) => sql.head.get(boardId),
    roleOf: async (userId, boardId) => decisions.access.roleOf(userId, boardId),
    members: async (boardId) => sql.members.all(boardId),
    snapshot: async (boardId) => reading.snapshot(boardId),
    eventsAfter: async (boardId, cursor, limit) => reading.eventsAfter(boardId, cursor, limit),
    eventsBefore: async (boardId, seq, limit) => reading.eventsBefore(boardId, seq, limit),
    search: async (userId, wanted) => search(userId, wanted),

    boardsOf: async (userId) => boards.ofUser(userId),
    createBoard: (userId, board) => write(() => boards.create(step(userId), board)),
    deleteBoard: (userId, boardId) => write(() => boards.delete(step(userId), boardId)),
    async importBoard(userId, boardId, exported) {
      const imported = readExport(exported);
      if (imported instanceof Refusal) return imported;
      return write(() => boards.import(step(userId), boardId, imported));
    },

    createUser: (user) => write(() => accounts.createUser(user)),
    user: async (id) => accounts.user(id),
    setPassword: (userId, hash) => writeSurely(() => accounts.setPassword(userId, hash)),

    createSession: (session) => writeSurely(() => accounts.createSession(session)),
    session: async (id, at) => accounts.session(id, at),
    endSession: (id) => writeSurely(() => accounts.endSession(id)),
    endOtherSessions: (userId, id) => writeSurely(() => accounts.endOtherSessions(userId, id)),
    liveSessions: async (ids, at) => new Set(ids.filter((id) => accounts.session(id, at))),

    createToken: (token, hash) => write(() => accounts.createToken(token, hash)),
    async tokenByHash(hash, at) {
      const token = accounts.tokenByHash(hash);
      // Nobody waits for it, and if it cannot be written down, the next use will be.
      if (token && accounts.isUseNews(token, at))
        void write(() => accounts.markUsed(token.id, at)).catch(onError);
      return token;
    },
    tokensOf: async (userId) => accounts.tokensOf(userId),
    deleteToken: (userId, id) => writeSurely(() => accounts.deleteToken(userId, id)),

    createInvitation: (userId, invitation, hash) =>
      write(() => invitations.create(step(userId), invitation, hash)),
    invitationByHash: async (hash, at) => invitations.valid(hash, at),
    invitationsOf: async (boardId, at) => invitations.ofBoard(boardId, at),
    deleteInvitation: (boardId, id) => writeSurely(() => invitations.delete(boardId, id)),
    async acceptInvitation(userId, hash, at) {
      const answer = await queue.run(() => invitations.accept(step(userId), hash, at));
      return answer instanceof Refusal ? answerOf(answer) : answer;
    },

    webhooksOf: async (boardId) => webhooks.ofBoard(boardId),
    createWebhook: (webhook) => write(() => webhooks.create(webhook)),
    webhook: async (id) => webhooks.webhook(id),
    updateWebhook: (id, change) => writeSurely(() => webhooks.update(id, change)),
    deleteWebhook: (boardId, id) => writeSurely(() => webhooks.delete(boardId, id)),
    boardsWithWebhooks: async () => webhooks.boardsInUse(),

    async ping() {
      database.prepare("SELECT 1").get();
    },
    async close() {
      await queue.close();
      database.close();
    },
  };
}
