// What the board needs of a database, and nothing of how it is done. `sqlite-store.ts` is one answer; whoever writes another one
// holds it to `store-contract.ts`.
import type { SentCursor } from "../../../shared/cursor.ts";
import type { Refusal } from "../../../shared/refusal.ts";
import type { Answer, Command } from "../../board/commands.ts";
import type { BoardEvent, Cursor, Member, Role, Snapshot, Task } from "../../board/events.ts";

/** A stretch of a board's log. */
export interface LogPage {
  /** In order, without a gap, starting right after the cursor. */
  readonly events: readonly BoardEvent[];
  /** Where the next page starts: the last event's seq, or the log's head when nothing was left. */
  readonly seq: number;
  /** Whether the log goes on after this page. */
  readonly more: boolean;
}

export interface User {
  readonly id: string;
  readonly name: string;
  /** Undefined for somebody who cannot sign in. */
  readonly passwordHash: string | undefined;
}

export interface StoredSession {
  /** The token's hash. */
  readonly id: string;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A personal API token. */
export interface ApiToken {
  readonly id: string;
  readonly userId: string;
  /** What its owner calls it. */
  readonly name: string;
  /** Whether it may change something. */
  readonly scope: "read" | "write";
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** To the hour. */
  readonly lastUsedAt: number | null;
}

/** A link by which somebody can join a board. */
export interface Invitation {
  readonly id: string;
  readonly boardId: string;
  readonly role: Exclude<Role, "owner">;
  readonly createdBy: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface Webhook {
  readonly id: string;
  readonly boardId: string;
  readonly url: string;
  readonly secret: string;
  /** The last seq that was delivered. */
  readonly cursor: number;
  /** In a row. */
  readonly failures: number;
  /** Milliseconds since 1970; null while it is in use. */
  readonly disabledAt: number | null;
}

export interface BoardSummary {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly tasks: number;
  readonly members: number;
  readonly seq: number;
}

/** A board as a file. Ids are those of the board that it was exported from; an import makes new ones. */
export type BoardExport = Omit<Snapshot, "seq"> & { readonly format: "real-time-board"; readonly version: 1 };

export interface FoundTask {
  readonly boardId: string;
  readonly task: Task;
}

export interface Search {
  /** Words that all have to be in the title, the description or a comment; whatever their case. */
  readonly text?: string | undefined;
  readonly boardId?: string | undefined;
  readonly assigneeId?: string | undefined;
  readonly label?: string | undefined;
  /** Due on this day or before. */
  readonly dueBy?: string | undefined;
  readonly limit: number;
}

/** The changes of members, which are made online only. */
export type MemberCommand =
  | { readonly type: "add_member"; readonly boardId: string; readonly userId: string; readonly role: Role }
  | { readonly type: "change_member"; readonly boardId: string; readonly userId: string; readonly role: Role }
  | { readonly type: "remove_member"; readonly boardId: string; readonly userId: string };

/**
 * All that is stored. Every method may be called at any time, by any number of callers; each is atomic.
 *
 * What is expected to go wrong is a `Refusal` or an `Answer` with an error; what rejects is a bug, or a database that is gone.
 * Who is not a member of a board gets the same answer as for a board that does not exist.
 */
export interface Store {
  /**
   * Decides and carries out a command, in the order of the log: whether this user may, then what it does, its events, and the answer
   * that belongs to the key, all in one transaction. It resolves after the commit, when everything is on the disk.
   * The same key again: the same answer, and nothing is done. With another command: 422 `key_reused`. What was `busy` has not happened,
   * and its key is not used up.
   *
   * A command that would change nothing (the same text, the same place) is answered 200 with the head as its `seq`, and has no event.
   *
   * @param key undefined: it is carried out as often as it comes
   */
  run(userId: string, key: string | undefined, command: Command | MemberCommand): Promise<Answer>;

  /**
   * Is told of every commit of this process, once, right after it and before the answers of its commands resolve. The events of
   * one board are in the order of its log.
   * @returns stops telling
   */
  onCommit(listener: (events: readonly BoardEvent[]) => void): () => void;

  /** The end of a board's log. Undefined when there is no such board. */
  head(boardId: string): Promise<Cursor | undefined>;
  /** Undefined when the user is not a member, and when there is no such board. */
  roleOf(userId: string, boardId: string): Promise<Role | undefined>;
  /** The board and the seq it is true at. Refusal: `not_found`. */
  snapshot(boardId: string): Promise<Snapshot | Refusal>;
  /**
   * The events after a cursor, oldest first. Refusals: `not_found`; `cursor_gone`, when the events right after the cursor are not all
   * there. Never a part of the answer.
   */
  eventsAfter(boardId: string, cursor: SentCursor, limit: number): Promise<LogPage | Refusal>;
  /** The events before a seq, newest first: the activity. */
  eventsBefore(boardId: string, seq: number | undefined, limit: number): Promise<readonly BoardEvent[]>;
  /** Of the boards on which the user is a member. */
  search(userId: string, search: Search): Promise<readonly FoundTask[]>;

  boardsOf(userId: string): Promise<readonly BoardSummary[]>;
  /** Makes a board whose owner is the user. Refusals: `exists`, `limit_reached`. */
  createBoard(
    userId: string,
    board: { readonly id: string; readonly name: string },
  ): Promise<Cursor | Refusal>;
  /** Everything on it and its log go too. Refusals: `not_found`, `forbidden` for all but owners. */
  deleteBoard(userId: string, boardId: string): Promise<Refusal | undefined>;
  /** Makes a new board out of an exported one, with new ids, as events of this user. Refusals: `invalid`, `exists`, `limit_reached`. */
  importBoard(userId: string, boardId: string, exported: BoardExport): Promise<Cursor | Refusal>;

  /** Refusal: `exists`. */
  createUser(user: User): Promise<Refusal | undefined>;
  user(id: string): Promise<User | undefined>;
  setPassword(userId: string, passwordHash: string): Promise<void>;

  createSession(session: StoredSession): Promise<void>;
  /** Undefined when it has ended or expired. */
  session(id: string, now: number): Promise<StoredSession | undefined>;
  endSession(id: string): Promise<void>;
  /** All of a user but one. */
  endOtherSessions(userId: string, id: string): Promise<readonly string[]>;
  /** Which of these still hold: for those who keep connections open under them. */
  liveSessions(ids: readonly string[], now: number): Promise<ReadonlySet<string>>;

  /** @param hash of what its owner is shown once. Refusal: `limit_reached`. */
  createToken(token: ApiToken, hash: string): Promise<Refusal | undefined>;
  /** Marks it as used. */
  tokenByHash(hash: string, now: number): Promise<ApiToken | undefined>;
  tokensOf(userId: string): Promise<readonly ApiToken[]>;
  /** @returns whether there was one */
  deleteToken(userId: string, id: string): Promise<boolean>;

  /** @param hash of what is in the link. Refusals: `not_found`, `forbidden` for all but owners, `limit_reached`. */
  createInvitation(userId: string, invitation: Invitation, hash: string): Promise<Refusal | undefined>;
  /** With the names that whoever has the link may see. Undefined when it has expired, was withdrawn, or is of no owner any more. */
  invitationByHash(
    hash: string,
    now: number,
  ): Promise<(Invitation & { readonly boardName: string; readonly inviterName: string }) | undefined>;
  invitationsOf(boardId: string, now: number): Promise<readonly Invitation[]>;
  /** @returns whether there was one */
  deleteInvitation(boardId: string, id: string): Promise<boolean>;
  /** Who has the link becomes a member. 200 with the member; also for somebody who is one already. 404 for an invalid link. */
  acceptInvitation(userId: string, hash: string, now: number): Promise<Answer>;

  webhooksOf(boardId: string): Promise<readonly Webhook[]>;
  /** Refusals: `not_found`, `exists`, `limit_reached`. */
  createWebhook(webhook: Pick<Webhook, "id" | "boardId" | "url" | "secret">): Promise<Webhook | Refusal>;
  webhook(id: string): Promise<Webhook | undefined>;
  updateWebhook(
    id: string,
    change: Partial<Pick<Webhook, "cursor" | "failures" | "disabledAt">>,
  ): Promise<void>;
  deleteWebhook(boardId: string, id: string): Promise<boolean>;
  /** The boards with webhooks that are in use. */
  boardsWithWebhooks(): Promise<readonly string[]>;

  members(boardId: string): Promise<readonly Member[]>;

  /** How many changes wait for their commit. */
  readonly waiting: number;

  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Finishes what was begun; what comes after it rejects. */
  close(): Promise<void>;
}
