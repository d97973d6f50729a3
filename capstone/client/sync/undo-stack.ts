// What the user can take back: their own changes on this board since the page was opened, the last one first.
import type { Command } from "../../board/commands.ts";
import type { BoardEvent, EventType } from "../../board/events.ts";

/** How many events are remembered, and how many of them can be taken back. */
const MAX_REMEMBERED = 200;

/** What a command does, if it does anything. */
const DOES: Record<Exclude<Command["type"], "undo">, EventType> = {
  rename_board: "board_renamed",
  create_list: "list_created",
  rename_list: "list_renamed",
  move_list: "list_moved",
  delete_list: "list_deleted",
  create_task: "task_created",
  update_task: "task_updated",
  move_task: "task_moved",
  delete_task: "task_deleted",
  add_comment: "comment_added",
  delete_comment: "comment_deleted",
};

/** What a command of this page has done, by the seq of its event. */
interface Done {
  readonly key: string;
  readonly seq: number;
}

/** @param me whose events can be taken back */
export function createUndoStack(me: string) {
  /** Commands of this page that the log has not passed yet. */
  const running = new Map<string, "do" | "undo" | "redo">();
  /** The user's own events, by seq: also those of their other tabs. */
  const own = new Map<number, BoardEvent>();
  const undoable: Done[] = [];
  const redoable: Done[] = [];

  /** @param how what the user has asked for: a new change, or taking one back, or doing it again */
  function ran(key: string, how: "do" | "undo" | "redo"): void {
    running.set(key, how);
    // Whoever does something new has left the way back to what was undone.
    if (how === "do") redoable.length = 0;
  }

  function saw(events: readonly BoardEvent[]): void {
    for (const event of events) if (event.actorId === me) own.set(event.seq, event);
    for (const seq of own.keys()) {
      if (own.size <= MAX_REMEMBERED) break;
      own.delete(seq);
    }
  }

  /** The log has passed one of the changes. Nothing happens if it was another page's, or if it has done nothing. */
  function passed(key: string, command: Command, seq: number): void {
    const how = running.get(key);
    if (how === undefined) return;
    running.delete(key);
    const event = eventOf(command, seq);
    if (!event) return;
    const stack = how === "undo" ? redoable : undoable;
    stack.push({ key, seq: event.seq });
    if (stack.length > MAX_REMEMBERED) stack.shift();
  }

  /** @param seq of its last event; positions that were given anew may come after the one that is meant */
  function eventOf(command: Command, seq: number): BoardEvent | undefined {
    for (let at = seq; at > 0; at -= 1) {
      const event = own.get(at);
      if (!event) return undefined; // not ours, or it came with a snapshot: what it was cannot be known
      if (event.type === "tasks_rebalanced" || event.type === "lists_rebalanced") continue;
      const isIt = command.type === "undo" ? "undoes" in event.data : event.type === DOES[command.type];
      return isIt ? event : undefined;
    }
    return undefined;
  }

  /** @param later keys of what does not count */
  function lastBefore(stack: readonly Done[], later?: ReadonlySet<string>): Done | undefined {
    return stack.findLast(({ key }) => !later?.has(key));
  }

  return {
    ran,
    saw,
    passed,
    /** It was refused: there is nothing to take back. */
    refused: (key: string) => void running.delete(key),
    /**
     * @param later keys of changes that are not meant: they were made after undo was asked for
     * @returns the seq of the event to take back. It is not in the stack any more.
     */
    nextUndo(later?: ReadonlySet<string>): number | undefined {
      const last = lastBefore(undoable, later);
      if (last) undoable.splice(undoable.indexOf(last), 1);
      return last?.seq;
    },
    nextRedo: () => redoable.pop()?.seq,
    /** What that would take back, or do again. Undefined if there is nothing, or if it is not known any more. */
    peek(how: "undo" | "redo", later?: ReadonlySet<string>): BoardEvent | undefined {
      const event = own.get(lastBefore(how === "undo" ? undoable : redoable, later)?.seq ?? 0);
      if (how === "undo" || !event) return event;
      return "undoes" in event.data ? own.get(event.data.undoes ?? 0) : undefined;
    },
    /** The log is another one now, and its seqs mean something else. */
    clear(): void {
      own.clear();
      undoable.length = 0;
      redoable.length = 0;
    },
    get canUndo() {
      return undoable.length > 0;
    },
    get canRedo() {
      return redoable.length > 0;
    },
  };
}
