// Whoever judges is judged first: a run without a fault is valid, and each fault is found.
import { describe, expect, test } from "vitest";
import { stateOf } from "../../board/board-state.ts";
import type { Comment, List, Snapshot, Task } from "../../board/events.ts";
import type { ClientState } from "../../client/sync/board-client.ts";
import { checkPeople, type Deeds, type LiveRun } from "./check-people.ts";
import type { KeptAnswer, LoggedEvent } from "./live-board.ts";

const list: List = { id: "list-1", name: "To do", position: "a0" };
const at = "2026-11-22T08:00:00.000Z";
const task: Task = {
  id: "task-1",
  listId: "list-1",
  title: "mark-ann 1",
  description: "",
  assigneeId: null,
  position: "a0",
  version: 1,
  updatedAt: at,
  labels: [],
  dueOn: null,
  createdBy: "alice",
};
const comment: Comment = { id: "comment-1", taskId: "task-1", authorId: "alice", text: "mark-ann 2", at };
const snapshot: Snapshot = {
  board: { id: "board-live", name: "Live", epoch: "e", members: [] },
  lists: [list],
  tasks: [task],
  comments: [comment],
  seq: 3,
};

const log: readonly LoggedEvent[] = [
  { seq: 1, type: "list_created", actorId: "alice", at: 10, data: { list } },
  { seq: 2, type: "task_created", actorId: "alice", at: 110, data: { task } },
  { seq: 3, type: "comment_added", actorId: "alice", at: 210, data: { comment } },
];
const answers: readonly KeptAnswer[] = [
  { key: "one", userId: "alice", status: 201, seq: 2 },
  { key: "two", userId: "alice", status: 201, seq: 3 },
  { key: "three", userId: "alice", status: 404, seq: null },
];
const refusal = { type: "delete_task", taskId: "nobody" } as const;
const state: ClientState = {
  view: stateOf(snapshot),
  status: { state: "live", transport: "socket", forced: true, waiting: 0 },
  people: { users: [], typing: [] },
  pending: [],
  notices: [
    { id: "three", kind: "rejected", command: refusal, error: { code: "not_found", message: "No." } },
  ],
  canUndo: false,
  canRedo: false,
};
const ann: Deeds = {
  name: "ann",
  userId: "alice",
  transport: "socket",
  given: [
    {
      key: "one",
      at: 100,
      command: { type: "create_task", task: { listId: "list-1", title: "mark-ann 1" } },
    },
    {
      key: "two",
      at: 200,
      command: { type: "add_comment", taskId: "task-1", comment: { text: "mark-ann 2" } },
    },
    { key: "three", at: 300, command: refusal },
  ],
  stored: new Set(["one", "two", "three"]),
  decided: new Map([
    ["one", { state: "accepted", seq: 2, at: 120 }],
    ["two", { state: "accepted", seq: 3, at: 220 }],
    ["three", { state: "refused", at: 320 }],
  ]),
  state,
};

interface Change {
  readonly ann?: Partial<Deeds>;
  readonly state?: Partial<ClientState>;
  readonly log?: readonly LoggedEvent[];
  readonly answers?: readonly KeptAnswer[];
}

function judge(change: Change = {}): string[] {
  const run: LiveRun = {
    people: [{ ...ann, state: { ...state, ...change.state }, ...change.ann }],
    log: change.log ?? log,
    firstSeq: 1,
    answers: new Map((change.answers ?? answers).map((each) => [each.key, each])),
    snapshot,
  };
  return checkPeople(run);
}

const decided = (key: string, decision: { state: "accepted" | "refused"; seq?: number; at: number }) =>
  new Map([...ann.decided, [key, decision] as const]);
const [first, second, third] = log as [LoggedEvent, LoggedEvent, LoggedEvent];
const view = stateOf(snapshot);

describe("a run of real clients", () => {
  test("without a fault is valid", () => expect(judge()).toEqual([]));

  test.each<[fault: string, change: Change, breach: string]>([
    ["an event twice", { log: [...log, { ...second, seq: 4 }] }, '"mark-ann 1" is in the log 2 times: 2, 4.'],
    ["a gap", { log: [first, third] }, "In the log 3 is at place 2."],
    ["an event that nobody caused", { answers: answers.slice(1) }, "Event 2 (task_created) is no answer"],
    ["a lost event", { log: [first, second] }, '"mark-ann 2" is accepted, and it is not in the log.'],
    [
      "a refused command that was done",
      { ann: { decided: decided("one", { state: "refused", at: 120 }) } },
      '"mark-ann 1" is refused, and it is in the log.',
    ],
    [
      "an answer before the commit",
      { ann: { decided: decided("one", { state: "accepted", seq: 2, at: 105 }) } },
      '"mark-ann 1" was accepted before it was in the log.',
    ],
    [
      "an answer that the server did not give",
      { ann: { decided: decided("one", { state: "accepted", seq: 3, at: 120 }) } },
      "was accepted as 3, and the server says 201 as 2.",
    ],
    [
      "somebody else's name",
      { log: [first, { ...second, actorId: "bob" }, third] },
      '"mark-ann 1" is by alice, and in the log by bob.',
    ],
    [
      "a stored command that was forgotten",
      { ann: { decided: new Map([...ann.decided].slice(1)) } },
      "The create_task of ann (one) was stored, and is not decided.",
    ],
    ["a refusal that nobody is told", { state: { notices: [] } }, "was refused, and nobody was told."],
    [
      "a text that nobody gave",
      { ann: { given: ann.given.slice(1) } },
      '"mark-ann 1" is in the log, and nobody',
    ],
    ["another board", { state: { view: { ...view, tasks: new Map() } } }, "ann's tasks are others."],
    ["an old board", { state: { view: { ...view, seq: 2 } } }, "ann is at 2 in the end, and the log at 3."],
    [
      "something that is still pending",
      { state: { pending: [{ key: "four", order: 4, command: refusal, actorId: "alice", at }] } },
      "ann has pending changes in the end: 1.",
    ],
    [
      "another transport than was asked for",
      { state: { status: { ...state.status, transport: "poll" } } },
      "ann uses poll, not socket.",
    ],
    [
      "nobody who is live",
      { state: { status: { ...state.status, state: "offline", reason: "No network." } } },
      "ann is offline in the end: No network.",
    ],
  ])("with %s is not", (_, change, breach) => {
    expect(judge(change).join("\n")).toContain(breach);
  });
});
