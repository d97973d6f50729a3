// What the log promises: dense, in order, once, told after the commit and before the answer; and one answer for a key.
import { describe, expect, test } from "vitest";
import { Refusal } from "../../../../shared/refusal.ts";
import type { Command } from "../../../board/commands.ts";
import type { BoardEvent } from "../../../board/events.ts";
import { accepted, boardId, newKey, type OpenStore, sampleBoard } from "./sample-board.ts";

const create = (id: string): Command => ({ type: "create_task", task: { id, listId: "todo", title: id } });

export function logRules(openStore: OpenStore): void {
  describe("the log", () => {
    test("many at once: dense seqs, in the order in which they were given, each told once and before its answer", async () => {
      const { store, run, head, events } = await sampleBoard(openStore);
      const before = await head();
      const heard: BoardEvent[] = [];
      store.onCommit((all) => heard.push(...all));
      const answers = await Promise.all(
        Array.from({ length: 600 }, async (_, index) => {
          const answer = await run(index % 2 ? "alice" : "bob", create(`task-${index}`));
          return {
            ...answer,
            wasHeard: heard.at(-1) !== undefined && heard.some(({ seq }) => seq === answer.seq),
          };
        }),
      );
      expect(answers.map(({ seq }) => seq)).toEqual(answers.map((_, index) => before + 1 + index));
      expect(answers.every(({ wasHeard }) => wasHeard)).toBe(true);
      expect(heard).toEqual(await events(before));
    });

    test("what is refused among them has no seq and undoes nothing of the others", async () => {
      const { run, head, events } = await sampleBoard(openStore);
      const before = await head();
      const answers = await Promise.all(["x", "a", "y", "x"].map((id) => run("bob", create(id))));
      expect(answers.map(({ status, seq }) => [status, seq])).toEqual([
        [201, before + 1],
        [409, undefined],
        [201, before + 2],
        [409, undefined],
      ]);
      expect((await events(before)).map(({ seq }) => seq)).toEqual([before + 1, before + 2]);
    });

    test("who has stopped listening hears nothing, and who throws silences nobody", async () => {
      const { store, done } = await sampleBoard(openStore);
      const heard: string[] = [];
      const stop = store.onCommit(() => heard.push("first"));
      const stopThrowing = store.onCommit(() => {
        throw new Error("a listener's bug");
      });
      store.onCommit(() => heard.push("second"));
      await done("bob", create("x"));
      expect(heard).toEqual(["first", "second"]);
      stop();
      stopThrowing();
      await done("bob", create("y"));
      expect(heard).toEqual(["first", "second", "second"]);
    });

    test("the events after a cursor, page by page; a cursor that cannot be honoured is refused", async () => {
      const { store, head, events } = await sampleBoard(openStore);
      const end = await head();
      const all = await events();
      expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
      const first = accepted(await store.eventsAfter(boardId, { seq: 0 }, 4));
      expect(first).toEqual({ events: all.slice(0, 4), seq: 4, more: true });
      const rest = accepted(await store.eventsAfter(boardId, { seq: 4 }, 100));
      expect(rest).toEqual({ events: all.slice(4), seq: end, more: false });
      expect(await store.eventsAfter(boardId, { seq: end }, 5)).toEqual({
        events: [],
        seq: end,
        more: false,
      });
      const { epoch } = (await store.head(boardId)) ?? { epoch: "" };
      expect(await store.eventsAfter(boardId, { epoch, seq: end }, 5)).not.toBeInstanceOf(Refusal);
      expect(await store.eventsAfter(boardId, { epoch: "other", seq: end }, 5)).toMatchObject({
        code: "cursor_gone",
      });
      expect(await store.eventsAfter(boardId, { seq: end + 1 }, 5)).toMatchObject({ code: "cursor_gone" });
      expect(await store.eventsAfter("nothing", { seq: 0 }, 5)).toMatchObject({ code: "not_found" });
      expect(await store.snapshot("nothing")).toMatchObject({ code: "not_found" });
      expect(await store.head("nothing")).toBeUndefined();
    });

    test("the activity: newest first, and on from any seq", async () => {
      const { store, events } = await sampleBoard(openStore);
      const all = (await events()).toReversed();
      expect(await store.eventsBefore(boardId, undefined, 3)).toEqual(all.slice(0, 3));
      expect(await store.eventsBefore(boardId, all[2]?.seq, 100)).toEqual(all.slice(3));
    });

    test("events that are large are read a few at a time, and none is left out", async () => {
      const { store, done, events, undo } = await sampleBoard(openStore);
      const description = "x".repeat(10_000);
      for (let index = 0; index < 150; index += 1) {
        const task = { id: `large-${index}`, listId: "doing", title: "Large", description };
        await done("alice", { type: "create_task", task });
      }
      for (let index = 0; index < 4; index += 1) {
        const { seq } = await done("alice", { type: "delete_list", listId: "doing" });
        await done("alice", undo(seq));
      }
      const end = (await store.head(boardId))?.seq ?? 0;
      const page = accepted(await store.eventsAfter(boardId, { seq: end - 8 }, 100));
      expect(page.events.length).toBeLessThan(8);
      expect(page).toMatchObject({ seq: page.events.at(-1)?.seq, more: true });
      const before = await store.eventsBefore(boardId, undefined, 100);
      expect(before[0]?.seq).toBe(end);
      expect(before.length).toBeLessThan(8);
      let after = 0;
      for (let seq = 0; seq < end; after += 1) {
        const next = accepted(await store.eventsAfter(boardId, { seq }, 100));
        expect(next.events[0]?.seq).toBe(seq + 1);
        seq = next.seq;
      }
      expect(after).toBeGreaterThan(2);
      expect((await events(end - 1)).length).toBe(1);
    });

    test("boards have logs of their own", async () => {
      const { store, run, head } = await sampleBoard(openStore);
      const cursor = accepted(await store.createBoard("bob", { id: "other", name: "Other" }));
      expect(cursor).toEqual(await store.head("other"));
      expect(cursor.epoch).not.toBe((await store.head(boardId))?.epoch);
      const before = await head();
      await Promise.all([
        run("bob", { type: "create_list", boardId: "other", list: { id: "far", name: "x" } }),
        run("bob", create("x")),
        run("bob", { type: "create_task", task: { listId: "far", title: "x" } }),
      ]);
      expect([(await store.head("other"))?.seq, await head()]).toEqual([cursor.seq + 2, before + 1]);
    });
  });

  describe("a key", () => {
    test("the same key again: the same answer with the same seq, and nothing is done", async () => {
      const { done, head, run, undo } = await sampleBoard(openStore);
      const commands: Command[] = [
        { type: "create_task", task: { listId: "todo", title: "Without an id" } },
        { type: "update_task", taskId: "a", change: { title: "x" } },
        { type: "move_task", taskId: "a", place: { listId: "done" } },
        { type: "add_comment", taskId: "a", comment: { text: "x" } },
        { type: "delete_task", taskId: "a" },
        { type: "create_list", boardId, list: { name: "x" } },
      ];
      const answers = [];
      for (const command of commands) {
        const key = newKey();
        answers.push({ command, key, answer: await done("bob", command, key) });
      }
      const before = await head();
      for (const { command, key, answer } of answers) {
        expect(await run("bob", command, key)).toEqual(answer);
      }
      expect(await head()).toBe(before);
      await done("bob", undo(before));
    });

    test("at the same moment: done once", async () => {
      const { run, head } = await sampleBoard(openStore);
      const before = await head();
      const key = newKey();
      const answers = await Promise.all([1, 2, 3].map(() => run("bob", create("x"), key)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
      expect(await head()).toBe(before + 1);
    });

    test("with another command it is refused; another user's is another key", async () => {
      const { done, refused, run } = await sampleBoard(openStore);
      const key = newKey();
      await done("bob", create("x"), key);
      expect(await refused("bob", create("y"), key)).toMatchObject({ status: 422, code: "key_reused" });
      await done("alice", create("y"), key);
      // And the first answer is still there.
      expect(await run("bob", create("x"), key)).toMatchObject({ status: 201 });
    });

    test("a refusal is an answer too", async () => {
      const { run, done, undo } = await sampleBoard(openStore);
      const { seq } = await done("bob", { type: "delete_task", taskId: "a" });
      const key = newKey();
      const update = { type: "update_task", taskId: "a", change: { title: "x" } } as const;
      const first = await run("bob", update, key);
      expect(first.status).toBe(410);
      await done("bob", undo(seq));
      expect(await run("bob", update, key)).toEqual(first);
      expect((await run("bob", update, newKey())).status).toBe(200);
    });
  });
}
