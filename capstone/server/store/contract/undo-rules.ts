// Undo takes back one's own, and never what somebody else has done since.
import { describe, expect, test } from "vitest";
import type { Command } from "../../../board/commands.ts";
import type { BoardEvent } from "../../../board/events.ts";
import {
  accepted,
  boardId,
  fold,
  newKey,
  type OpenStore,
  type SampleBoard,
  sampleBoard,
} from "./sample-board.ts";

/** One of each that can be taken back, on the sample board with a comment `said` on `a`. */
const UNDOABLE: readonly Command[] = [
  { type: "rename_board", boardId, board: { name: "x" } },
  { type: "create_list", boardId, list: { id: "new", name: "x" } },
  { type: "rename_list", listId: "todo", list: { name: "x" } },
  { type: "move_list", listId: "todo", place: {} },
  { type: "delete_list", listId: "todo" },
  { type: "create_task", task: { id: "new", listId: "todo", title: "x", afterId: "a" } },
  {
    type: "update_task",
    taskId: "a",
    change: { title: "x", description: "y", labels: ["z"], dueOn: "2026-12-01", assigneeId: "bob" },
  },
  { type: "move_task", taskId: "a", place: { listId: "done" } },
  { type: "move_task", taskId: "b", place: { listId: "todo", beforeId: "a" } },
  { type: "delete_task", taskId: "a" },
  { type: "add_comment", taskId: "a", comment: { id: "more", text: "x" } },
  { type: "delete_comment", commentId: "said" },
];

/** What undo brings back: everything but how often and when something was changed. */
async function content({ snapshot }: SampleBoard) {
  const { seq: _, ...board } = await snapshot();
  return { ...board, tasks: board.tasks.map(({ version: _, updatedAt: __, ...task }) => task) };
}

export function undoRules(openStore: OpenStore): void {
  describe("undo", () => {
    test.each(UNDOABLE.map((command) => [command.type, command] as const))(
      "%s is undone, done again, and undone again, each by an event that says what it takes back",
      async (_, command) => {
        const board = await sampleBoard(openStore);
        const { done, undo, snapshot, events } = board;
        await done("bob", { type: "add_comment", taskId: "a", comment: { id: "said", text: "Hello" } });
        const start = await snapshot();
        const before = await content(board);
        const { seq } = await done("bob", command);
        const after = await content(board);
        expect(after).not.toEqual(before);
        let last = seq;
        for (const expected of [before, after, before]) {
          const answer = await done<{ event: BoardEvent }>("bob", undo(last));
          expect(answer).toMatchObject({
            status: 200,
            body: { event: { actorId: "bob", data: { undoes: last } } },
          });
          expect(await content(board)).toEqual(expected);
          last = answer.body.event.seq;
        }
        expect(fold(start, await events(start.seq))).toEqual(fold(await snapshot(), []));
      },
    );

    test("only one's own, only once, only what has an opposite, and only what there is", async () => {
      const { done, refused, undo, head } = await sampleBoard(openStore);
      const { seq } = await done("bob", { type: "delete_task", taskId: "a" });
      expect(await refused("alice", undo(seq))).toMatchObject({ status: 403, code: "forbidden" });
      expect(await refused("dave", undo(seq))).toMatchObject({ status: 404, code: "not_found" });
      expect(await refused("alice", undo(seq + 1))).toMatchObject({ status: 404, code: "not_found" });
      expect(await refused("alice", undo(1))).toMatchObject({ status: 409, code: "cannot_undo" });
      await done("bob", undo(seq));
      const before = await head();
      expect(await refused("bob", undo(seq))).toMatchObject({ status: 409, code: "undo_conflict" });
      expect(await head()).toBe(before);
    });

    test("what was undone and done again is undone by taking back the latter", async () => {
      const { done, refused, undo, task } = await sampleBoard(openStore);
      const { seq } = await done("bob", { type: "update_task", taskId: "a", change: { title: "x" } });
      const { seq: undone } = await done("bob", undo(seq));
      const { seq: again } = await done("bob", undo(undone));
      expect(await refused("bob", undo(seq))).toMatchObject({ code: "undo_conflict" });
      expect(await task("a")).toMatchObject({ title: "x" });
      await done("bob", undo(again));
      expect(await task("a")).toMatchObject({ title: "Task a" });
    });

    test("the same key undoes once", async () => {
      const { done, undo, events } = await sampleBoard(openStore);
      const { seq } = await done("bob", { type: "delete_task", taskId: "a" });
      const key = newKey();
      const first = await done("bob", undo(seq), key);
      expect(await done("bob", undo(seq), key)).toEqual(first);
      expect((await events(seq)).map(({ type }) => type)).toEqual(["task_restored"]);
    });

    const refusals: [string, Command, (board: SampleBoard) => Promise<unknown>, RegExp][] = [
      [
        "a text that somebody has changed since",
        { type: "update_task", taskId: "a", change: { title: "Bob's" } },
        ({ done }) => done("alice", { type: "update_task", taskId: "a", change: { title: "Alice's" } }),
        /changed the title/,
      ],
      [
        "a field of a task that somebody has deleted",
        { type: "update_task", taskId: "a", change: { title: "Bob's" } },
        ({ done }) => done("alice", { type: "delete_task", taskId: "a" }),
        /task has been deleted/,
      ],
      [
        "a move after which somebody has moved it",
        { type: "move_task", taskId: "a", place: { listId: "doing" } },
        ({ done }) => done("alice", { type: "move_task", taskId: "a", place: { listId: "done" } }),
        /Alice has moved/,
      ],
      [
        "a move out of a list that is gone",
        { type: "move_task", taskId: "a", place: { listId: "doing" } },
        ({ done }) => done("alice", { type: "delete_list", listId: "todo" }),
        /came from has been deleted/,
      ],
      [
        "a new task that somebody has commented on",
        { type: "create_task", task: { id: "new", listId: "todo", title: "x" } },
        ({ done }) => done("alice", { type: "add_comment", taskId: "new", comment: { text: "Nice" } }),
        /Alice has changed the task/,
      ],
      [
        "a new list in which somebody has put a task",
        { type: "create_list", boardId, list: { id: "new", name: "x" } },
        ({ done }) => done("alice", { type: "create_task", task: { listId: "new", title: "Hers" } }),
        /Alice has changed the list/,
      ],
      [
        "a list's name that somebody has changed since",
        { type: "rename_list", listId: "todo", list: { name: "Bob's" } },
        ({ done }) => done("alice", { type: "rename_list", listId: "todo", list: { name: "Alice's" } }),
        /list has been renamed/,
      ],
      [
        "a comment on a task that is gone",
        { type: "add_comment", taskId: "a", comment: { id: "new", text: "x" } },
        ({ done }) => done("alice", { type: "delete_task", taskId: "a" }),
        /comment has been deleted/,
      ],
      [
        "an assignment of somebody who has left",
        { type: "update_task", taskId: "a", change: { assigneeId: null } },
        ({ done }) => done("alice", { type: "remove_member", boardId, userId: "carol" }),
        /has left the board/,
      ],
    ];
    test.each(refusals)("refused: %s", async (_, command, meanwhile, sentence) => {
      const board = await sampleBoard(openStore);
      const { done, refused, undo, head } = board;
      await done("alice", { type: "update_task", taskId: "a", change: { assigneeId: "carol" } });
      const { seq } = await done("bob", command);
      await meanwhile(board);
      const before = await head();
      const error = await refused("bob", undo(seq));
      expect(error).toMatchObject({ status: 409, code: "undo_conflict" });
      expect(error.message).toMatch(sentence);
      expect(await head()).toBe(before);
    });

    test("what others have done to other fields and at other places stays", async () => {
      const { done, undo, task } = await sampleBoard(openStore);
      const { seq: renamed } = await done("bob", {
        type: "update_task",
        taskId: "a",
        change: { title: "Bob's" },
      });
      const { seq: moved } = await done("bob", {
        type: "move_task",
        taskId: "a",
        place: { listId: "doing" },
      });
      await done("alice", { type: "update_task", taskId: "a", change: { labels: ["hers"] } });
      await done("bob", undo(renamed));
      await done("bob", undo(moved));
      expect(await task("a")).toMatchObject({ title: "Task a", listId: "todo", labels: ["hers"] });
    });

    test("a place that was taken in the meantime: beside it", async () => {
      const { done, undo, order } = await sampleBoard(openStore);
      const { seq } = await done("bob", { type: "move_task", taskId: "b", place: { listId: "doing" } });
      // The only free position between `a` and `c` is where `b` was.
      await done("alice", {
        type: "create_task",
        task: { id: "d", listId: "todo", title: "d", afterId: "a" },
      });
      await done("bob", undo(seq));
      expect(new Set(await order("todo"))).toEqual(new Set(["a", "d", "b", "c"]));
      expect((await order("todo")).at(0)).toBe("a");
      expect((await order("todo")).at(-1)).toBe("c");
    });

    test("a place in a list that was rebalanced in the meantime: after what was before it", async () => {
      const { done, run, undo, order, events } = await sampleBoard(openStore);
      const { seq } = await done("bob", { type: "move_task", taskId: "c", place: { listId: "doing" } });
      await done("alice", { type: "create_task", task: { id: "d", listId: "todo", title: "d" } });
      const moves = Array.from({ length: 400 }, (_, index) =>
        run("alice", {
          type: "move_task",
          taskId: index % 2 ? "a" : "d",
          place: { listId: "todo", beforeId: "b" },
        }),
      );
      await Promise.all(moves);
      expect((await events()).some(({ type }) => type === "tasks_rebalanced")).toBe(true);
      // A list that comes back remembers that.
      const { seq: deleted } = await done("alice", { type: "delete_list", listId: "todo" });
      await done("alice", undo(deleted));
      await done("bob", undo(seq));
      const now = await order("todo");
      expect(now.indexOf("c")).toBe(now.indexOf("b") + 1);
    });

    test("a task of a list that is gone comes back in the first one", async () => {
      const { done, undo, order } = await sampleBoard(openStore);
      await done("bob", { type: "add_comment", taskId: "a", comment: { id: "said", text: "Hello" } });
      const { seq } = await done("bob", { type: "delete_task", taskId: "a" });
      await done("alice", { type: "delete_list", listId: "todo" });
      await done("bob", undo(seq));
      expect(await order("doing")).toEqual(["a"]);
    });

    test("a list comes back with its tasks and their comments", async () => {
      const { done, undo, snapshot, order } = await sampleBoard(openStore);
      await done("bob", { type: "add_comment", taskId: "a", comment: { id: "said", text: "Hello" } });
      const { comments } = await snapshot();
      const { seq } = await done("bob", { type: "delete_list", listId: "todo" });
      expect(await order("todo")).toEqual([]);
      await done("bob", undo(seq));
      expect(await order("todo")).toEqual(["a", "b", "c"]);
      expect((await snapshot()).comments).toEqual(comments);
      await done("alice", { type: "update_task", taskId: "a", change: { title: "Not gone any more" } });
    });

    test("what it takes to take something back is never sent", async () => {
      const { done, store, undo, snapshot } = await sampleBoard(openStore);
      const heard: BoardEvent[] = [];
      store.onCommit((events) => heard.push(...events));
      const secret = "what was there before";
      await done("bob", { type: "update_task", taskId: "a", change: { description: secret } });
      const mark = await snapshot();
      const { seq } = await done("bob", { type: "update_task", taskId: "a", change: { description: "New" } });
      await done("bob", { type: "delete_task", taskId: "a" });
      const { events } = accepted(await store.eventsAfter(boardId, { seq: mark.seq }, 100));
      const activity = await store.eventsBefore(boardId, undefined, 2);
      expect(events.map((event) => event.seq)).toEqual([seq, seq + 1]);
      for (const all of [events, heard.slice(1), activity]) {
        expect(JSON.stringify(all)).not.toContain(secret);
        for (const event of all) {
          expect(Object.keys(event)).toEqual(["seq", "type", "boardId", "actorId", "at", "data"]);
          expect(event.data).not.toHaveProperty("undo");
        }
      }
      await done("bob", undo(seq + 1));
    });
  });
}
