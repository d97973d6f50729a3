// The store in one SQLite file. What is read is read at once; what is written waits for the next commit, which many may share.
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import { createAccounts } from "./accounts.ts";
import { createBoardLog, type Step } from "./board-log.ts";
import { createBoardReading } from "./board-reading.ts";
import { createBoards } from "./boards.ts";
import { createDecisions } from "./decisions.ts";
import { createIdempotentAnswers } from "./idempotent-answers.ts";
import { readExport } from "./import-board.ts";
import { createInvitations } from "./invitations.ts";
import { answerOf } from "./refused.ts";
import { createSearch } from "./search.ts";
import { prepareStatements } from "./statements.ts";
import type { Store } from "./store.ts";
import { createWebhookRows } from "./webhook-rows.ts";
import { createWriting, type WritingOptions } from "./writing.ts";

export interface SqliteStoreOptions extends WritingOptions {
  /** From `openDatabase`. The store's alone from now on; `close` closes it. */
  readonly database: Database;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** How many events of each board stay. Default: all. */
  readonly keepEvents?: number | undefined;
}

export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { database, now = Date.now, onError = console.error } = options;
  const sql = prepareStatements(database);
  const log = createBoardLog(sql, options.keepEvents);
  const decisions = createDecisions(sql, log);
  const idempotency = createIdempotentAnswers(database, now);
  const reading = createBoardReading(database, sql);
  const boards = createBoards(database, sql, decisions);
  const accounts = createAccounts(database, now);
  const invitations = createInvitations(database, sql, decisions);
  const webhooks = createWebhookRows(database, sql, now);
  const search = createSearch(database);
  const { run, write, writeSurely, onCommit, waiting, close } = createWriting(database, log, {
    ...options,
    onError,
  });

  const step = (userId: string): Step => ({ userId, at: now() });

  return {
    async run(userId, key, command) {
      const carryOut = () => decisions.decide(step(userId), command);
      const answer = await run(() =>
        key === undefined ? carryOut() : idempotency.answerOnce(userId, key, command, carryOut),
      );
      return answer instanceof Refusal ? answerOf(answer) : answer;
    },
    onCommit,

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
      const answer = await run(() => invitations.accept(step(userId), hash, at));
      return answer instanceof Refusal ? answerOf(answer) : answer;
    },

    webhooksOf: async (boardId) => webhooks.ofBoard(boardId),
    createWebhook: (webhook) => write(() => webhooks.create(webhook)),
    webhook: async (id) => webhooks.webhook(id),
    updateWebhook: (id, change) => writeSurely(() => webhooks.update(id, change)),
    deleteWebhook: (boardId, id) => writeSurely(() => webhooks.delete(boardId, id)),
    boardsWithWebhooks: async () => webhooks.boardsInUse(),

    get waiting() {
      return waiting();
    },
    async ping() {
      database.prepare("SELECT 1").get();
    },
    async close() {
      await close();
      database.close();
    },
  };
}
