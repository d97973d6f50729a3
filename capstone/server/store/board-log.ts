// The log as those see it who write to it: every change gets its seq here, and the events of one transaction are gathered.
import type { BoardEvent, DataOf, EventType, TaskField } from "../../board/events.ts";
import { type CommentRow, isoTime, type ListRow, type TaskRow } from "./rows.ts";
import type { Statements } from "./statements.ts";

/** Who does something, and when. */
export interface Step {
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The seq of the event that is taken back by it. */
  readonly undoes?: number;
}

/** Where something was. */
export interface FormerPlace {
  readonly position: string;
  /** What was right before it. Null: it was the first. */
  readonly afterId: string | null;
}

/** By type: what it takes to take an event back, beside what the event says. Types that are missing cannot be taken back. */
export interface UndoOf {
  board_renamed: { readonly name: string };
  list_created: object;
  list_renamed: { readonly name: string };
  list_moved: FormerPlace;
  list_deleted: {
    readonly list: ListRow & { readonly rebalancedSeq: number };
    readonly afterId: string | null;
    readonly tasks: readonly TaskRow[];
    readonly comments: readonly CommentRow[];
  };
  list_restored: object;
  task_created: object;
  task_updated: { readonly before: Partial<Pick<TaskRow, TaskField>> };
  task_moved: FormerPlace & { readonly listId: string };
  task_deleted: {
    readonly task: TaskRow;
    readonly afterId: string | null;
    readonly comments: readonly CommentRow[];
  };
  task_restored: object;
  comment_added: object;
  comment_deleted: { readonly comment: CommentRow };
}

interface Private<Type extends EventType> {
  /** The task or list that it is about. */
  readonly subjectId?: string;
  readonly undo?: Type extends keyof UndoOf ? UndoOf[Type] : never;
}

export type BoardLog = ReturnType<typeof createBoardLog>;

/** @param keepEvents how many events of each board stay; undefined: all */
export function createBoardLog(sql: Statements, keepEvents: number | undefined) {
  /** Of the transaction that is open. */
  let events: BoardEvent[] = [];

  /**
   * Writes one change and its event. Call it in the writing transaction.
   *
   * @param change makes the change, and returns what the event says of it
   */
  function append<Type extends EventType>(
    { userId, at, undoes }: Step,
    boardId: string,
    type: Type,
    change: (seq: number) => DataOf<Type>,
    { subjectId, undo }: Private<Type> = {},
  ): BoardEvent<Type> {
    const seq = sql.nextSeq.get(boardId)?.seq;
    if (seq === undefined) throw new Error(`There is no board "${boardId}".`);
    const data = { ...change(seq), ...(undoes !== undefined && { undoes }) };
    const taking = undo === undefined ? null : JSON.stringify(undo);
    sql.appendEvent.run(boardId, seq, type, JSON.stringify(data), userId, at, subjectId ?? null, taking);
    prune(boardId, seq);
    const event = { seq, type, boardId, actorId: userId, at: isoTime(at), data };
    events.push(event as unknown as BoardEvent);
    return event as unknown as BoardEvent<Type>;
  }

  /** Now and then, so that most changes need not wait for it: up to a tenth more is there than is kept. */
  function prune(boardId: string, seq: number): void {
    if (keepEvents === undefined || seq % Math.max(1, Math.ceil(keepEvents / 10)) !== 0) return;
    sql.pruneEvents.run(boardId, seq - keepEvents);
    sql.pruneDeletions.run(boardId, seq - keepEvents);
  }

  /** Runs a part of the transaction: if it throws, its events have not happened. */
  function gather<T>(work: () => T): T {
    const before = events.length;
    try {
      return work();
    } catch (error) {
      events.length = before;
      throw error;
    }
  }

  /** The events of the transaction that has ended. */
  function take(): readonly BoardEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return {
    append,
    gather,
    take,
    /** The last event of the open transaction. */
    last: (): BoardEvent | undefined => events.at(-1),
    /** How many events the open transaction has. */
    count: (): number => events.length,
  };
}
