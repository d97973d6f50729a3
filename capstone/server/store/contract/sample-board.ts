// A board to try things on: Alice owns it, Bob edits, Carol looks on, and Dave is not on it.
import { expect, onTestFinished } from "vitest";
import { Refusal } from "../../../../shared/refusal.ts";
import { applyEvent, type BoardState, stateOf } from "../../../board/board-state.ts";
import type { Answer, Command, ErrorBody } from "../../../board/commands.ts";
import type { BoardEvent, Snapshot, Task } from "../../../board/events.ts";
import type { MemberCommand, Store } from "../store.ts";

export type OpenStore = () => Promise<Store>;

export const boardId = "board";

export type SampleBoard = Awaited<ReturnType<typeof sampleBoard>>;

/** `todo` has the tasks `a`, `b`, `c` in this order; `doing` and `done` are empty. Closed when the running test has ended. */
export async function sampleBoard(openStore: OpenStore) {
  const store = await openStore();
  onTestFinished(() => store.close());
  for (const id of ["alice", "bob", "carol", "dave"]) {
    const name = `${id[0]?.toUpperCase()}${id.slice(1)}`;
    await store.createUser({ id, name, passwordHash: undefined });
  }
  const board = on(store, boardId);
  await store.createBoard("alice", { id: boardId, name: "Sample" });
  await board.done("alice", { type: "add_member", boardId, userId: "bob", role: "editor" });
  await board.done("alice", { type: "add_member", boardId, userId: "carol", role: "viewer" });
  for (const id of ["todo", "doing", "done"]) {
    await board.done("alice", { type: "create_list", boardId, list: { id, name: id } });
  }
  for (const id of ["a", "b", "c"]) {
    await board.done("alice", { type: "create_task", task: { id, listId: "todo", title: `Task ${id}` } });
  }
  return board;
}

/** What the tests do to one board of a store. */
export function on(store: Store, id: string) {
  const run = (userId: string, command: Command | MemberCommand, key?: string) =>
    store.run(userId, key, command);

  /** Something that should not be refused. */
  async function done<T = Task>(userId: string, command: Command | MemberCommand, key?: string) {
    const answer = await run(userId, command, key);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer as Answer & { readonly body: T; readonly seq: number };
  }

  /** @returns the error's body, with the status */
  async function refused(userId: string, command: Command | MemberCommand, key?: string) {
    const answer = await run(userId, command, key);
    expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400);
    expect(answer.seq).toBeUndefined();
    return { status: answer.status, ...(answer.body as ErrorBody).error };
  }

  async function snapshot(): Promise<Snapshot> {
    return accepted(await store.snapshot(id));
  }

  async function events(after = 0): Promise<readonly BoardEvent[]> {
    return accepted(await store.eventsAfter(id, { seq: after }, 100_000)).events;
  }

  const head = async () => (await store.head(id))?.seq ?? 0;
  const task = async (taskId: string) => (await snapshot()).tasks.find((each) => each.id === taskId);
  /** The ids of a list's tasks, in order. */
  const order = async (listId: string) =>
    (await snapshot()).tasks.filter((each) => each.listId === listId).map((each) => each.id);
  const undo = (seq: number): Command => ({ type: "undo", boardId: id, undone: { seq } });

  return { store, id, run, done, refused, snapshot, events, head, task, order, undo };
}

export function accepted<T>(result: T | Refusal): T {
  if (result instanceof Refusal) throw new Error(`refused: ${result.code}: ${result.message}`);
  return result;
}

/** What a client makes of the events, for comparison: in an order that does not depend on how it came about. */
export function fold(from: Snapshot, events: readonly BoardEvent[]) {
  return comparable(events.reduce(applyEvent, stateOf(from)));
}

export function comparable({ board, lists, tasks, comments, seq }: BoardState) {
  return { board, lists, tasks: sorted(tasks.values()), comments: sorted(comments.values()), seq };
}

export function sorted<T extends { readonly id: string }>(all: Iterable<T>): T[] {
  return [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A new key for a command. */
export function newKey(): string {
  return crypto.randomUUID();
}
