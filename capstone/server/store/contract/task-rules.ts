// What becomes of commands about tasks and comments, when one person gives them and when two meet.
import { describe, expect, test } from "vitest";
import type { Command } from "../../../board/commands.ts";
import { LIMITS } from "../../../board/limits.ts";
import { boardId, type OpenStore, sampleBoard } from "./sample-board.ts";

export function taskRules(openStore: OpenStore): void {
  describe("tasks", () => {
    test("a new task has all its fields, at the end or next to what it is put next to", async () => {
      const { done, order } = await sampleBoard(openStore);
      const said = {
        title: "New",
        description: "x",
        assigneeId: "bob",
        labels: ["z", "a"],
        dueOn: "2026-12-24",
      };
      const { status, body } = await done("bob", {
        type: "create_task",
        task: { id: "new", listId: "todo", ...said, afterId: "a" },
      });
      expect(status).toBe(201);
      expect(body).toMatchObject({ id: "new", listId: "todo", ...said, version: 1, createdBy: "bob" });
      await done("bob", {
        type: "create_task",
        task: { id: "first", listId: "todo", title: "F", beforeId: "a" },
      });
      await done("bob", {
        type: "create_task",
        task: { id: "last", listId: "todo", title: "L", afterId: "gone" },
      });
      expect(await order("todo")).toEqual(["first", "a", "new", "b", "c", "last"]);
    });

    test("an id is used once: also that of a task that was deleted", async () => {
      const { done, refused, head } = await sampleBoard(openStore);
      const create = { type: "create_task", task: { id: "a", listId: "todo", title: "Again" } } as const;
      expect(await refused("bob", create)).toMatchObject({ status: 409, code: "exists" });
      await done("bob", { type: "delete_task", taskId: "a" });
      const before = await head();
      expect(await refused("bob", create)).toMatchObject({ status: 409, code: "exists" });
      expect(await head()).toBe(before);
    });

    test("without an id it gets one", async () => {
      const { done } = await sampleBoard(openStore);
      const command = { type: "create_task", task: { listId: "todo", title: "x" } } as const;
      const ids = [(await done("bob", command)).body.id, (await done("bob", command)).body.id];
      expect(new Set(ids).size).toBe(2);
    });

    test("fields are last-writer-wins one by one, and a move and a rename both survive", async () => {
      const { run, task, events, head } = await sampleBoard(openStore);
      const before = await head();
      await Promise.all([
        run("alice", { type: "update_task", taskId: "a", change: { title: "Renamed", version: 1 } }),
        run("bob", { type: "move_task", taskId: "a", place: { listId: "doing" } }),
        run("bob", { type: "update_task", taskId: "a", change: { labels: ["x"], version: 1 } }),
        run("alice", { type: "update_task", taskId: "a", change: { dueOn: "2026-12-01", version: 1 } }),
        run("bob", { type: "update_task", taskId: "a", change: { description: "Text", version: 1 } }),
      ]);
      expect(await task("a")).toMatchObject({
        ...{ title: "Renamed", description: "Text", listId: "doing", labels: ["x"], dueOn: "2026-12-01" },
        version: 5,
      });
      const changed = (await events(before)).map(({ type, data }) => [
        type,
        "changed" in data && data.changed,
      ]);
      expect(changed).toEqual([
        ["task_updated", ["title"]],
        ["task_moved", false],
        ["task_updated", ["labels"]],
        ["task_updated", ["dueOn"]],
        ["task_updated", ["description"]],
      ]);
    });

    test("a text that was changed after the version it was edited from is a conflict, with both texts", async () => {
      const { done, refused, task, head } = await sampleBoard(openStore);
      await done("bob", {
        type: "update_task",
        taskId: "a",
        change: { title: "Bob's", description: "Bob's text" },
      });
      await done("bob", { type: "update_task", taskId: "a", change: { labels: ["x"] } });
      const before = await head();
      const change = { title: "Alice's", description: "Alice's text", dueOn: "2026-12-01", version: 1 };
      expect(await refused("alice", { type: "update_task", taskId: "a", change })).toMatchObject({
        ...{ status: 409, code: "version_conflict", version: 3 },
        conflicts: [
          { field: "title", yours: "Alice's", theirs: "Bob's", actorId: "bob" },
          { field: "description", yours: "Alice's text", theirs: "Bob's text", actorId: "bob" },
        ],
      });
      // Nothing of it was done, not even the date.
      expect(await task("a")).toMatchObject({ title: "Bob's", dueOn: null, version: 3 });
      expect(await head()).toBe(before);
      await done("alice", { type: "update_task", taskId: "a", change: { ...change, version: 3 } });
      expect(await task("a")).toMatchObject({ title: "Alice's", dueOn: "2026-12-01" });
    });

    test("no conflict: another field has changed since, or the text is the same, or no version was given", async () => {
      const { done, task } = await sampleBoard(openStore);
      await done("bob", { type: "update_task", taskId: "a", change: { title: "Same", labels: ["x"] } });
      await done("alice", { type: "update_task", taskId: "a", change: { description: "d", version: 1 } });
      await done("alice", {
        type: "update_task",
        taskId: "a",
        change: { title: "Same", dueOn: null, version: 1 },
      });
      await done("alice", { type: "update_task", taskId: "a", change: { title: "Mine" } });
      expect(await task("a")).toMatchObject({ title: "Mine", description: "d", labels: ["x"], version: 4 });
      await done("bob", { type: "update_task", taskId: "b", change: { labels: ["x"] } });
      await done("alice", { type: "update_task", taskId: "b", change: { title: "Mine", version: 1 } });
      expect(await task("b")).toMatchObject({ title: "Mine", labels: ["x"] });
    });

    test("what changes nothing has no event, and its answer the seq of the head", async () => {
      const { done, head, task } = await sampleBoard(openStore);
      const before = await task("b");
      const seq = await head();
      const nothings: readonly Command[] = [
        { type: "update_task", taskId: "b", change: { title: "Task b", labels: [], assigneeId: null } },
        { type: "move_task", taskId: "b", place: { listId: "todo", afterId: "a" } },
        { type: "move_task", taskId: "b", place: { listId: "todo", beforeId: "c" } },
        { type: "move_task", taskId: "c", place: { listId: "todo" } },
        { type: "rename_list", listId: "todo", list: { name: "todo" } },
        { type: "move_list", listId: "doing", place: { afterId: "todo" } },
        { type: "rename_board", boardId, board: { name: "Sample" } },
      ];
      for (const command of nothings) {
        const answer = await done("alice", command);
        expect({ command, status: answer.status, seq: answer.seq }).toEqual({ command, status: 200, seq });
      }
      expect(await task("b")).toEqual(before);
      expect(await head()).toBe(seq);
    });

    test("moves: within the list, to another one, and to the end when what it should be next to is gone", async () => {
      const { done, order } = await sampleBoard(openStore);
      const move = (taskId: string, place: { listId: string; afterId?: string; beforeId?: string }) =>
        done("bob", { type: "move_task", taskId, place });
      await move("c", { listId: "todo", beforeId: "a" });
      expect(await order("todo")).toEqual(["c", "a", "b"]);
      await move("c", { listId: "todo", afterId: "a" });
      expect(await order("todo")).toEqual(["a", "c", "b"]);
      await move("a", { listId: "doing", afterId: "b" });
      await move("b", { listId: "doing", afterId: "c", beforeId: "a" });
      expect([await order("todo"), await order("doing")]).toEqual([["c"], ["b", "a"]]);
    });

    test("of two moves the later one wins, and says whose it has overruled if its mover had not seen it", async () => {
      const { done, events, task } = await sampleBoard(openStore);
      const seen = (await events()).length;
      const move = (userId: string, listId: string, more = {}) =>
        done(userId, { type: "move_task", taskId: "a", place: { listId, ...more } });
      const overruled = async (seq: number) => (await events(seq - 1))[0]?.data;
      const { seq: bobs } = await move("bob", "doing", { seen });
      expect(await overruled(bobs)).not.toHaveProperty("overruled");
      const { seq: alices } = await move("alice", "done", { seen });
      expect(await overruled(alices)).toMatchObject({ fromListId: "doing", overruled: "bob" });
      expect(await task("a")).toMatchObject({ listId: "done" });
      // Her own move is nobody's, one that was seen is none either, and who does not say is not told.
      expect(await overruled((await move("alice", "todo", { seen })).seq)).not.toHaveProperty("overruled");
      const { seq: last } = await move("bob", "doing", { seen: alices + 1 });
      expect(await overruled(last)).not.toHaveProperty("overruled");
      expect(await overruled((await move("alice", "todo")).seq)).not.toHaveProperty("overruled");
    });

    test("delete beats edit: who comes too late hears who has deleted it", async () => {
      const { done, refused } = await sampleBoard(openStore);
      const comment = { id: "said", text: "Hello" };
      await done("alice", { type: "add_comment", taskId: "a", comment });
      await done("bob", { type: "delete_task", taskId: "a" });
      await done("bob", { type: "delete_list", listId: "doing" });
      const tooLate: readonly Command[] = [
        { type: "update_task", taskId: "a", change: { title: "x" } },
        { type: "move_task", taskId: "a", place: { listId: "todo" } },
        { type: "move_task", taskId: "b", place: { listId: "doing" } },
        { type: "delete_task", taskId: "a" },
        { type: "add_comment", taskId: "a", comment: { text: "x" } },
        { type: "delete_comment", commentId: "said" },
        { type: "create_task", task: { listId: "doing", title: "x" } },
        { type: "rename_list", listId: "doing", list: { name: "x" } },
        { type: "move_list", listId: "doing", place: {} },
        { type: "delete_list", listId: "doing" },
      ];
      for (const command of tooLate) {
        const error = await refused("alice", command);
        expect({ command, error }).toMatchObject({ error: { status: 410, code: "gone", actorId: "bob" } });
      }
    });

    test("a task that went with its list is gone, not unknown", async () => {
      const { done, refused } = await sampleBoard(openStore);
      await done("bob", { type: "delete_list", listId: "todo" });
      const update = { type: "update_task", taskId: "b", change: { title: "x" } } as const;
      expect(await refused("alice", update)).toMatchObject({ code: "gone", actorId: "bob" });
    });

    test("only members can be assigned; who has left stays assigned, and other fields can still be changed", async () => {
      const { done, refused, task } = await sampleBoard(openStore);
      const assign = (assigneeId: string, more = {}) =>
        ({ type: "update_task", taskId: "a", change: { assigneeId, ...more } }) as const;
      expect(await refused("bob", assign("dave"))).toMatchObject({ status: 400, code: "invalid" });
      expect(
        await refused("bob", {
          type: "create_task",
          task: { listId: "todo", title: "x", assigneeId: "dave" },
        }),
      ).toMatchObject({ status: 400, code: "invalid" });
      await done("bob", assign("carol"));
      await done("alice", { type: "remove_member", boardId, userId: "carol" });
      await done("bob", assign("carol", { title: "Still" }));
      expect(await task("a")).toMatchObject({ assigneeId: "carol", title: "Still" });
    });

    test("a comment is its author's to delete, and an owner's", async () => {
      const { done, refused, snapshot } = await sampleBoard(openStore);
      const say = (userId: string, id: string) =>
        done(userId, { type: "add_comment", taskId: "a", comment: { id, text: `By ${userId}` } });
      expect(await say("bob", "one")).toMatchObject({
        status: 201,
        body: { id: "one", taskId: "a", authorId: "bob", text: "By bob" },
      });
      await say("alice", "two");
      await say("bob", "three");
      const remove = (commentId: string) => ({ type: "delete_comment", commentId }) as const;
      expect(await refused("bob", remove("two"))).toMatchObject({ status: 403, code: "forbidden" });
      await done("bob", remove("one"));
      await done("alice", remove("three"));
      expect((await snapshot()).comments.map(({ id }) => id)).toEqual(["two"]);
      await done("alice", { type: "delete_task", taskId: "a" });
      expect((await snapshot()).comments).toEqual([]);
    });

    test("a task has so many comments and no more", async () => {
      const { run, refused } = await sampleBoard(openStore);
      const say = { type: "add_comment", taskId: "a", comment: { text: "x" } } as const;
      await Promise.all(Array.from({ length: LIMITS.comments }, () => run("bob", say)));
      expect(await refused("bob", say)).toMatchObject({ status: 409, code: "limit_reached" });
    });
  });
}
