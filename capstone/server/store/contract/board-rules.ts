// What becomes of commands about lists and members, and who may do what.
import { describe, expect, test } from "vitest";
import type { Command } from "../../../board/commands.ts";
import { LIMITS } from "../../../board/limits.ts";
import { accepted, boardId, fold, type OpenStore, on, sampleBoard } from "./sample-board.ts";

/** One of each that changes something. */
const CHANGES: readonly Command[] = [
  { type: "rename_board", boardId, board: { name: "x" } },
  { type: "create_list", boardId, list: { name: "x" } },
  { type: "rename_list", listId: "todo", list: { name: "x" } },
  { type: "move_list", listId: "todo", place: {} },
  { type: "delete_list", listId: "todo" },
  { type: "create_task", task: { listId: "todo", title: "x" } },
  { type: "update_task", taskId: "a", change: { title: "x" } },
  { type: "move_task", taskId: "a", place: { listId: "done" } },
  { type: "delete_task", taskId: "a" },
  { type: "add_comment", taskId: "a", comment: { text: "x" } },
  { type: "delete_comment", commentId: "said" },
  { type: "undo", boardId, undone: { seq: 1 } },
];

/** The same about things that do not exist. */
function elsewhere(command: Command): Command {
  return JSON.parse(
    JSON.stringify(command).replace(/"(boardId|listId|taskId|commentId)":"[^"]*"/g, '"$1":"nothing"'),
  );
}

export function boardRules(openStore: OpenStore): void {
  describe("lists", () => {
    test("are created, renamed, moved and deleted", async () => {
      const { done, snapshot } = await sampleBoard(openStore);
      const names = async () => (await snapshot()).lists.map(({ name }) => name);
      const created = await done("bob", {
        type: "create_list",
        boardId,
        list: { name: "New", afterId: "todo" },
      });
      expect(created).toMatchObject({ status: 201, body: { name: "New" } });
      await done("bob", { type: "rename_list", listId: "todo", list: { name: "Soon" } });
      await done("bob", { type: "move_list", listId: "done", place: { beforeId: "todo" } });
      await done("bob", { type: "delete_list", listId: "doing" });
      expect(await names()).toEqual(["done", "Soon", "New"]);
      await done("bob", { type: "rename_board", boardId, board: { name: "Renamed" } });
      expect((await snapshot()).board.name).toBe("Renamed");
    });

    test("a board has so many of them and no more, and ids are used once", async () => {
      const { run, refused, done } = await sampleBoard(openStore);
      const create = { type: "create_list", boardId, list: { name: "x" } } as const;
      expect(await refused("bob", { ...create, list: { name: "x", id: "todo" } })).toMatchObject({
        code: "exists",
      });
      await Promise.all(Array.from({ length: LIMITS.lists - 3 }, () => run("bob", create)));
      expect(await refused("bob", create)).toMatchObject({ status: 409, code: "limit_reached" });
      await done("bob", { type: "delete_list", listId: "todo" });
      expect(await refused("bob", { ...create, list: { name: "x", id: "todo" } })).toMatchObject({
        code: "exists",
      });
      await done("bob", create);
    });

    test.each(["tasks", "lists"] as const)(
      "positions that became long are made short at once: %s",
      async (what) => {
        const { done, snapshot, events, head } = await sampleBoard(openStore);
        const before = await snapshot();
        // Into one and the same gap, again and again, each time between the last two.
        const commands = Array.from({ length: 800 }, (_, index) => {
          const place = { afterId: what === "tasks" ? "a" : "todo" };
          const id = ["b", "c"][index % 2] ?? "";
          const list = ["doing", "done"][index % 2] ?? "";
          return what === "tasks"
            ? done("bob", { type: "move_task", taskId: id, place: { listId: "todo", ...place } })
            : done("bob", { type: "move_list", listId: list, place });
        });
        const answers = await Promise.all(commands);
        const all = await events(before.seq);
        const rebalanced = all.filter(({ type }) => type === `${what}_rebalanced`);
        expect(rebalanced.length).toBeGreaterThan(0);
        // One event says it all, right after the one that was too long, and belongs to the same answer.
        expect(all.at(-1)?.seq).toBe(await head());
        const lastSeqs = new Set(answers.map(({ seq }) => seq));
        for (const { seq } of rebalanced)
          expect([lastSeqs.has(seq), lastSeqs.has(seq - 1)]).toEqual([true, false]);
        const after = await snapshot();
        const siblings = what === "tasks" ? after.tasks : after.lists;
        expect(siblings.map(({ id }) => id)).toEqual(
          what === "tasks" ? ["a", "c", "b"] : ["todo", "done", "doing"],
        );
        expect(Math.max(...siblings.map(({ position }) => position.length))).toBeLessThanOrEqual(64);
        expect(fold(before, all)).toEqual(fold(after, []));
      },
    );
  });

  describe("who may do what", () => {
    test("viewers change nothing", async () => {
      const { done, refused, head } = await sampleBoard(openStore);
      await done("alice", { type: "add_comment", taskId: "a", comment: { id: "said", text: "x" } });
      const before = await head();
      for (const command of CHANGES) {
        const error = await refused("carol", command);
        expect({ command, error }).toMatchObject({ error: { status: 403, code: "forbidden" } });
      }
      expect(await head()).toBe(before);
    });

    test("who is not a member hears exactly what they would hear if there were nothing", async () => {
      const { done, run, head } = await sampleBoard(openStore);
      await done("alice", { type: "add_comment", taskId: "a", comment: { id: "said", text: "x" } });
      await done("alice", { type: "delete_task", taskId: "c" });
      const before = await head();
      const gone = { type: "delete_task", taskId: "c" } as const;
      for (const command of [...CHANGES, gone]) {
        const answer = await run("dave", command);
        expect({ command, status: answer.status }).toEqual({ command, status: 404 });
        expect(answer).toEqual(await run("dave", elsewhere(command)));
        expect(answer).toEqual(await run("nobody", command, "a-key-of-nobody-at-all"));
      }
      expect(await head()).toBe(before);
    });

    test("a task cannot be moved to another board, not even by somebody who is on both", async () => {
      const { store, run, task } = await sampleBoard(openStore);
      accepted(await store.createBoard("bob", { id: "other", name: "Other" }));
      const other = on(store, "other");
      await other.done("bob", { type: "create_list", boardId: "other", list: { id: "far", name: "Far" } });
      const move = (listId: string) => run("bob", { type: "move_task", taskId: "a", place: { listId } });
      const answer = await move("far");
      expect(answer.status).toBe(404);
      expect(answer).toEqual(await move("nothing"));
      expect(await task("a")).toMatchObject({ listId: "todo" });
    });
  });

  describe("members", () => {
    const add = (userId: string, role: "owner" | "editor" | "viewer" = "editor") =>
      ({ type: "add_member", boardId, userId, role }) as const;
    const change = (userId: string, role: "owner" | "editor" | "viewer") =>
      ({ type: "change_member", boardId, userId, role }) as const;
    const remove = (userId: string) => ({ type: "remove_member", boardId, userId }) as const;

    test("owners add, change and remove them; nobody else does", async () => {
      const { done, refused, store, events, head } = await sampleBoard(openStore);
      const before = await head();
      for (const command of [add("dave"), change("carol", "owner"), remove("carol")]) {
        expect(await refused("bob", command)).toMatchObject({ status: 403, code: "forbidden" });
        expect(await refused("dave", command)).toMatchObject({ status: 404 });
      }
      const member = { userId: "dave", name: "Dave", role: "viewer" };
      expect(await done("alice", add("dave", "viewer"))).toMatchObject({ status: 201, body: member });
      expect(await done("alice", change("dave", "editor"))).toMatchObject({
        body: { ...member, role: "editor" },
      });
      expect(await store.roleOf("dave", boardId)).toBe("editor");
      await done("dave", { type: "update_task", taskId: "a", change: { title: "By Dave" } });
      expect(await done("alice", remove("dave"))).toMatchObject({ status: 204 });
      expect(await store.roleOf("dave", boardId)).toBeUndefined();
      expect(await refused("dave", { type: "delete_task", taskId: "a" })).toMatchObject({ status: 404 });
      const types = ["member_added", "member_changed", "task_updated", "member_removed"];
      expect((await events(before)).map(({ type }) => type)).toEqual(types);
    });

    test("refused: who is no user, who is a member already, who is not one", async () => {
      const { refused, done, head } = await sampleBoard(openStore);
      expect(await refused("alice", add("nobody"))).toMatchObject({ status: 400, code: "invalid" });
      expect(await refused("alice", add("bob"))).toMatchObject({ status: 409, code: "exists" });
      expect(await refused("alice", change("dave", "editor"))).toMatchObject({ status: 404 });
      expect(await refused("alice", remove("dave"))).toMatchObject({ status: 404 });
      const before = await head();
      expect(await done("alice", change("bob", "editor"))).toMatchObject({ status: 200, seq: before });
      expect(await head()).toBe(before);
    });

    test("everybody can leave, but a board keeps an owner", async () => {
      const { done, refused, store } = await sampleBoard(openStore);
      await done("carol", remove("carol"));
      expect(await refused("alice", remove("alice"))).toMatchObject({ status: 403, code: "forbidden" });
      expect(await refused("alice", change("alice", "editor"))).toMatchObject({ status: 403 });
      await done("alice", change("bob", "owner"));
      await done("alice", remove("alice"));
      expect((await store.members(boardId)).map(({ userId }) => userId)).toEqual(["bob"]);
    });
  });
}
