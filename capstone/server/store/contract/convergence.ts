// Whatever several people do: the board is the fold over its log. And whatever one person does can be taken back, step by step.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Command } from "../../../board/commands.ts";
import { boardId, fold, type OpenStore, sampleBoard, sorted } from "./sample-board.ts";

/** Few ids, so that people meet. */
const taskId = fc.constantFrom("a", "b", "c", "d", "e");
const listId = fc.constantFrom("todo", "doing", "done", "more");
const commentId = fc.constantFrom("one", "two", "three");
const text = fc.constantFrom("x", "y", "z");
const place = fc.record({ afterId: taskId, beforeId: taskId }, { requiredKeys: [] });
const listPlace = fc.record({ afterId: listId, beforeId: listId }, { requiredKeys: [] });
const userId = fc.constantFrom("alice", "bob", "carol", "dave");

const change = fc
  .record(
    {
      title: text,
      description: text,
      labels: fc.subarray(["l", "m"]),
      dueOn: fc.constantFrom("2026-12-01", null),
      assigneeId: fc.constantFrom("alice", "bob", null),
      version: fc.integer({ min: 1, max: 5 }),
    },
    { requiredKeys: [] },
  )
  .filter(({ version: _, ...rest }) => Object.keys(rest).length > 0);

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  text.map((name) => ({ type: "rename_board" as const, boardId, board: { name } })),
  fc.tuple(listId, listPlace).map(([id, where]) => ({
    type: "create_list" as const,
    boardId,
    list: { id, name: id, ...where },
  })),
  fc.tuple(listId, text).map(([id, name]) => ({ type: "rename_list" as const, listId: id, list: { name } })),
  fc
    .tuple(listId, listPlace)
    .map(([id, where]) => ({ type: "move_list" as const, listId: id, place: where })),
  listId.map((id) => ({ type: "delete_list" as const, listId: id })),
  fc.tuple(taskId, listId, place).map(([id, list, where]) => ({
    type: "create_task" as const,
    task: { id, listId: list, title: id, ...where },
  })),
  fc
    .tuple(taskId, change)
    .map(([id, fields]) => ({ type: "update_task" as const, taskId: id, change: fields })),
  fc.tuple(taskId, listId, place, fc.nat(30)).map(([id, list, where, seen]) => ({
    type: "move_task" as const,
    taskId: id,
    place: { listId: list, ...where, seen },
  })),
  taskId.map((id) => ({ type: "delete_task" as const, taskId: id })),
  fc.tuple(taskId, commentId, text).map(([id, comment, said]) => ({
    type: "add_comment" as const,
    taskId: id,
    comment: { id: comment, text: said },
  })),
  commentId.map((id) => ({ type: "delete_comment" as const, commentId: id })),
);

const undoing: fc.Arbitrary<Command> = fc
  .integer({ min: 1, max: 40 })
  .map((seq) => ({ type: "undo", boardId, undone: { seq } }));

/** @param runs how many histories are tried */
export function convergence(openStore: OpenStore, runs: number): void {
  describe("any history", () => {
    test("of several people: the board is the fold over its log, positions are unique, seqs are dense", async () => {
      const given = fc.array(fc.tuple(userId, fc.oneof({ weight: 5, arbitrary: anyCommand }, undoing)), {
        minLength: 5,
        maxLength: 60,
      });
      await fc.assert(
        fc.asyncProperty(given, async (commands) => {
          const { store, run, snapshot, events } = await sampleBoard(openStore);
          const start = await snapshot();
          const answers = await Promise.all(commands.map(([user, command]) => run(user, command)));
          expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
          const end = await snapshot();
          const log = await events(start.seq);
          expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => start.seq + 1 + index));
          expect(fold(start, log)).toEqual(fold(end, []));
          const places = end.tasks.map((task) => `${task.listId} ${task.position}`);
          expect(new Set(places).size).toBe(places.length);
          expect(new Set(end.lists.map(({ position }) => position)).size).toBe(end.lists.length);
          await store.close();
        }),
        { numRuns: runs },
      );
    });

    test("of one person: taken back in reverse order, it leaves the board as it was", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyCommand, { minLength: 3, maxLength: 40 }), async (commands) => {
          const { store, run, done, snapshot, undo, events } = await sampleBoard(openStore);
          const content = async () => {
            const { seq: _, comments, tasks, ...rest } = await snapshot();
            return {
              ...rest,
              tasks: tasks.map(({ version: _, updatedAt: __, ...task }) => task),
              comments: sorted(comments),
            };
          };
          const before = await content();
          const { seq: start } = await snapshot();
          for (const command of commands) await run("alice", command);
          for (const event of (await events(start)).toReversed()) {
            if (!event.type.endsWith("_rebalanced")) await done("alice", undo(event.seq));
          }
          expect(await content()).toEqual(before);
          await store.close();
        }),
        { numRuns: runs },
      );
    });
  });
}
