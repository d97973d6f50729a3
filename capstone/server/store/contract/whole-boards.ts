// Boards as a whole: made, deleted, exported, imported, searched.
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../board/events.ts";
import { LIMITS } from "../../../board/limits.ts";
import { toExport } from "../board-export.ts";
import { CAPS } from "../caps.ts";
import type { BoardExport, Search } from "../store.ts";
import { accepted, boardId, fold, type OpenStore, on, sampleBoard } from "./sample-board.ts";

/** What is the same in a copy. */
function content({ board, lists, tasks, comments }: Snapshot) {
  return {
    name: board.name,
    lists: lists.map(({ id, name }) => ({
      name,
      tasks: tasks
        .filter(({ listId }) => listId === id)
        .map(({ title, description, labels, dueOn, id: taskId }) => ({
          ...{ title, description, labels, dueOn },
          comments: comments.filter((comment) => comment.taskId === taskId).map(({ text }) => text),
        })),
    })),
  };
}

export function wholeBoards(openStore: OpenStore): void {
  describe("boards", () => {
    test("a new one has its maker as owner, and says so in its log", async () => {
      const { store } = await sampleBoard(openStore);
      const cursor = accepted(await store.createBoard("dave", { id: "new", name: "New" }));
      const snapshot = accepted(await store.snapshot("new"));
      expect(snapshot).toEqual({
        board: {
          ...{ id: "new", name: "New", epoch: cursor.epoch },
          members: [{ userId: "dave", name: "Dave", role: "owner" }],
        },
        ...{ lists: [], tasks: [], comments: [], seq: cursor.seq },
      });
      const { events } = accepted(await store.eventsAfter("new", { seq: 0 }, 10));
      expect(events.map(({ type }) => type)).toEqual(["member_added"]);
      expect(await store.createBoard("bob", { id: "new", name: "x" })).toMatchObject({ code: "exists" });
      expect(await store.createBoard("nobody", { id: "x", name: "x" })).toMatchObject({ code: "forbidden" });
    });

    test("everybody sees their own, with their role and what is on them", async () => {
      const { store } = await sampleBoard(openStore);
      await store.createBoard("bob", { id: "b", name: "another" });
      const sample = { id: boardId, name: "Sample", role: "editor", tasks: 3, members: 3 };
      expect(await store.boardsOf("bob")).toMatchObject([
        { id: "b", name: "another", role: "owner", tasks: 0, members: 1, seq: 1 },
        { ...sample, seq: (await store.head(boardId))?.seq },
      ]);
      expect(await store.boardsOf("dave")).toEqual([]);
    });

    test("owners delete them with all that is on them, others do not", async () => {
      const { store } = await sampleBoard(openStore);
      expect(await store.deleteBoard("bob", boardId)).toMatchObject({ code: "forbidden" });
      expect(await store.deleteBoard("dave", boardId)).toMatchObject({ code: "not_found" });
      expect(await store.deleteBoard("dave", "nothing")).toMatchObject({ code: "not_found" });
      expect(await store.deleteBoard("alice", boardId)).toBeUndefined();
      expect(await store.snapshot(boardId)).toMatchObject({ code: "not_found" });
      expect(await store.boardsOf("bob")).toEqual([]);
      // Its ids are free again, and its log is another one.
      accepted(await store.createBoard("bob", { id: boardId, name: "Again" }));
      await on(store, boardId).done("bob", { type: "create_list", boardId, list: { id: "todo", name: "x" } });
    });

    test("nobody has more than there may be", async () => {
      const { store } = await sampleBoard(openStore);
      const make = (id: string) => store.createBoard("dave", { id, name: id });
      await Promise.all(Array.from({ length: CAPS.boards }, (_, index) => make(`board-${index}`)));
      expect(await store.boardsOf("dave")).toHaveLength(CAPS.boards);
      expect(await make("one-more")).toMatchObject({ code: "limit_reached" });
    });
  });

  describe("export and import", () => {
    async function exported(openStore: OpenStore) {
      const board = await sampleBoard(openStore);
      const labels = ["x", "ü"];
      const change = { description: "Text", labels, dueOn: "2026-12-01", assigneeId: "bob" };
      await board.done("bob", { type: "update_task", taskId: "a", change });
      await board.done("bob", { type: "update_task", taskId: "b", change: { assigneeId: "alice" } });
      await board.done("bob", { type: "move_task", taskId: "c", place: { listId: "todo", beforeId: "a" } });
      for (const text of ["One", "Two"]) {
        await board.done("alice", { type: "add_comment", taskId: "a", comment: { text } });
      }
      return { board, file: JSON.parse(JSON.stringify(toExport(await board.snapshot()))) as BoardExport };
    }

    test("a copy has the same lists, tasks and comments with new ids, and belongs to its importer", async () => {
      const { board, file } = await exported(openStore);
      const { store } = board;
      // Positions count, and not the order in the file.
      const shuffled = { ...file, lists: file.lists.toReversed(), tasks: file.tasks.toReversed() };
      accepted(await store.importBoard("bob", "copy", shuffled));
      const copy = accepted(await store.snapshot("copy"));
      const original = await board.snapshot();
      expect(content(copy)).toEqual(content(original));
      expect(copy.board.members).toEqual([{ userId: "bob", name: "Bob", role: "owner" }]);
      expect(copy.tasks.map(({ assigneeId }) => assigneeId)).toEqual([null, "bob", null]);
      expect(
        new Set([...copy.tasks, ...copy.comments].map((each) => "authorId" in each || each.createdBy)),
      ).toEqual(new Set(["bob", true]));
      const ids = new Set([...original.lists, ...original.tasks, ...original.comments].map(({ id }) => id));
      const isNew = [...copy.lists, ...copy.tasks, ...copy.comments].every(({ id }) => !ids.has(id));
      expect(isNew).toBe(true);
      // A second copy is no problem, and both have logs from which they follow.
      accepted(await store.importBoard("bob", "copy-2", file));
      const log = accepted(await store.eventsAfter("copy", { seq: 0 }, 100)).events;
      const empty = {
        ...copy,
        lists: [],
        tasks: [],
        comments: [],
        board: { ...copy.board, members: [] },
        seq: 0,
      };
      expect(fold(empty, log)).toEqual(fold(copy, []));
    });

    test("a board has so much text and no more: it can be made shorter, and what was deleted comes back only if there is room", async () => {
      const { board, file } = await exported(openStore);
      const [first] = file.tasks;
      if (!first) throw new Error("the sample has tasks");
      const description = "x".repeat(LIMITS.description);
      // All but one and a half descriptions.
      const count = LIMITS.boardText / LIMITS.description - 1;
      const tasks = Array.from({ length: count }, (_, index) => ({
        ...first,
        id: `t${index}`,
        title: "t",
        description,
      }));
      const tooMuch = [
        ...tasks,
        ...tasks.slice(0, 2).map((task, index) => ({ ...task, id: `more-${index}` })),
      ];
      expect(
        await board.store.importBoard("bob", "more", { ...file, tasks: tooMuch, comments: [] }),
      ).toMatchObject({
        code: "invalid",
      });
      accepted(await board.store.importBoard("bob", "full", { ...file, tasks, comments: [] }));
      const full = on(board.store, "full");
      const [task, other] = (await full.snapshot()).tasks;
      if (!task || !other) throw new Error("it has tasks");
      const create = (length: number) =>
        ({
          type: "create_task",
          task: { listId: task.listId, title: "x", description: "y".repeat(length) },
        }) as const;
      expect(await full.refused("bob", create(LIMITS.description))).toMatchObject({ code: "limit_reached" });
      const { seq } = await full.done("bob", { type: "delete_task", taskId: task.id });
      await full.done("bob", create(LIMITS.description));
      await full.done("bob", create(LIMITS.description / 2));
      const say = {
        type: "add_comment",
        taskId: other.id,
        comment: { text: "z".repeat(LIMITS.comment) },
      } as const;
      for (let each = 0; each < 2; each += 1) await full.done("bob", say);
      expect(await full.refused("bob", say)).toMatchObject({ code: "limit_reached" });
      expect(await full.refused("bob", full.undo(seq))).toMatchObject({ code: "limit_reached" });
      await full.done("bob", { type: "update_task", taskId: other.id, change: { description: "short" } });
      await full.done("bob", say);
    });

    test("a board has so many tasks and no more, however they came to be there", async () => {
      const { board, file } = await exported(openStore);
      const [first] = file.tasks;
      if (!first) throw new Error("the sample has tasks");
      const tasks = Array.from({ length: LIMITS.tasks }, (_, index) => ({ ...first, id: `t${index}` }));
      accepted(await board.store.importBoard("bob", "full", { ...file, tasks, comments: [] }));
      const full = on(board.store, "full");
      const snapshot = await full.snapshot();
      expect(snapshot.tasks).toHaveLength(LIMITS.tasks);
      const [task] = snapshot.tasks;
      if (!task) throw new Error("it has tasks");
      const create = { type: "create_task", task: { listId: task.listId, title: "x" } } as const;
      expect(await full.refused("bob", create)).toMatchObject({ status: 409, code: "limit_reached" });
      const { seq } = await full.done("bob", { type: "delete_task", taskId: task.id });
      await full.done("bob", create);
      expect(await full.refused("bob", full.undo(seq))).toMatchObject({ code: "limit_reached" });
    });

    test("what is no export, or one that does not hold together, is refused whole", async () => {
      const { board, file } = await exported(openStore);
      const [task, other] = [file.tasks[0], file.tasks[1]];
      const [comment] = file.comments;
      if (!task || !other || !comment) throw new Error("the sample has tasks and comments");
      for (const wrong of [
        null,
        {},
        { ...file, format: "other" },
        { ...file, version: 2 },
        { ...file, board: { name: " " } },
        { ...file, tasks: [{ ...task, listId: "nothing" }] },
        { ...file, tasks: [task, task] },
        { ...file, tasks: [{ ...task, title: "x".repeat(LIMITS.title + 1) }] },
        { ...file, lists: [...file.lists, ...file.lists] },
        { ...file, comments: [{ ...comment, taskId: "nothing" }] },
        { ...file, comments: Array.from({ length: LIMITS.comments + 1 }, () => comment) },
        { ...file, tasks: Array.from({ length: LIMITS.tasks + 1 }, (_, id) => ({ ...task, id: `t${id}` })) },
      ]) {
        const result = await board.store.importBoard("bob", "copy", wrong as BoardExport);
        expect(result).toMatchObject({ code: "invalid" });
        expect(await board.store.head("copy")).toBeUndefined();
      }
      expect(await board.store.importBoard("bob", boardId, file)).toMatchObject({ code: "exists" });
    });
  });

  describe("search", () => {
    async function searchable() {
      const { store, done } = await sampleBoard(openStore);
      const create = (id: string, task: object) =>
        done("alice", { type: "create_task", task: { id, listId: "todo", title: id, ...task } });
      await create("coffee", { title: "Buy COFFEE", description: "in the Größe XL", labels: ["shop"] });
      await create("tea", {
        title: "Buy tea",
        assigneeId: "bob",
        dueOn: "2026-12-01",
        labels: ["shop", "hot"],
      });
      await create("percent", { title: "100% sure_thing", dueOn: "2026-12-02" });
      await done("alice", { type: "add_comment", taskId: "tea", comment: { text: "with Milk" } });
      return async (search: Partial<Search>, userId = "bob") =>
        (await store.search(userId, { limit: 50, ...search })).map(({ task }) => task.id).sort();
    }

    test("all words, in any case and any of the texts", async () => {
      const find = await searchable();
      expect(await find({ text: "buy" })).toEqual(["coffee", "tea"]);
      expect(await find({ text: "  coffee   BUY " })).toEqual(["coffee"]);
      expect(await find({ text: "tea milk" })).toEqual(["tea"]);
      expect(await find({ text: "coffee milk" })).toEqual([]);
      expect(await find({ text: "GRÖSSE" })).toEqual([]);
      expect(await find({ text: "GRÖ" })).toEqual(["coffee"]);
      expect(await find({ text: "o\u0308ß" })).toEqual(["coffee"]);
    });

    test("% and _ stand for themselves", async () => {
      const find = await searchable();
      expect(await find({ text: "%" })).toEqual(["percent"]);
      expect(await find({ text: "sure_" })).toEqual(["percent"]);
      expect(await find({ text: "b_y" })).toEqual([]);
    });

    test("by assignee, label and due date, alone and together", async () => {
      const find = await searchable();
      expect(await find({ assigneeId: "bob" })).toEqual(["tea"]);
      expect(await find({ label: "shop" })).toEqual(["coffee", "tea"]);
      expect(await find({ label: "sho" })).toEqual([]);
      expect(await find({ dueBy: "2026-12-01" })).toEqual(["tea"]);
      expect(await find({ dueBy: "2026-12-02", label: "hot", text: "tea" })).toEqual(["tea"]);
      expect(await find({ limit: 2 })).toHaveLength(2);
    });

    test("only the boards of the one who asks", async () => {
      const find = await searchable();
      expect(await find({ text: "buy" }, "dave")).toEqual([]);
      expect(await find({ text: "buy", boardId }, "dave")).toEqual([]);
      expect(await find({ text: "buy", boardId: "other" })).toEqual([]);
      expect(await find({ text: "buy", boardId }, "carol")).toEqual(["coffee", "tea"]);
    });

    test("a text of nothing but marks costs no more than any other", async () => {
      const { store, done } = await sampleBoard(openStore);
      const marks = ["\u0345", "\u0315", "\u0301", "\u059a", "\u0323", "\u0328", "\u0321", "\u0334"];
      const description = `a${marks.map((mark) => mark.repeat(1_249)).join("")}`;
      const among = `a${"\u0301\uff9e\u0323\u0e33".repeat(2_499)}`;
      for (let index = 0; index < 40; index += 1) {
        const task = { id: `marks-${index}`, listId: "todo", title: "m", description };
        await done("alice", {
          type: "create_task",
          task: { ...task, description: index % 2 ? among : description },
        });
      }
      const began = performance.now();
      expect(await store.search("alice", { text: "nothing", limit: 50 })).toEqual([]);
      // Without care it is 40 ms and more for each of them.
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(await store.search("alice", { text: "M A\u0345", limit: 50 })).toHaveLength(20);
    });
  });
}
