import { expect, test } from "vitest";
import { createDrafts } from "./drafts.ts";
import { memoryStorage } from "./testing/memory-storage.ts";

const draft = { text: "new", version: 3, base: "old" };

test("a draft is there after a reload, for the same user and field only", () => {
  const storage = memoryStorage();
  createDrafts(storage, "alice").write("task-1", "title", draft);
  const later = createDrafts(storage, "alice");
  expect(later.read("task-1", "title")).toEqual(draft);
  expect(later.read("task-1", "description")).toBeUndefined();
  expect(createDrafts(storage, "bob").read("task-1", "title")).toBeUndefined();
});

test("what was sent is kept until it is under way no longer", () => {
  const storage = memoryStorage();
  const drafts = createDrafts(storage, "alice");
  drafts.write("task-1", "title", { ...draft, sentKey: "key-1" });
  drafts.write("task-2", "title", draft);
  drafts.settle((key) => key === "key-1");
  expect(drafts.read("task-1", "title")?.sentKey).toBe("key-1");
  drafts.settle(() => false);
  expect(drafts.read("task-1", "title")).toBeUndefined();
  expect(drafts.read("task-2", "title")).toEqual(draft);
});

test("writing on after sending keeps the new text", () => {
  const drafts = createDrafts(memoryStorage(), "alice");
  drafts.write("task-1", "title", { ...draft, sentKey: "key-1" });
  drafts.write("task-1", "title", { ...draft, text: "newer" });
  drafts.settle(() => false);
  expect(drafts.read("task-1", "title")?.text).toBe("newer");
});

test("a full storage and a spoilt entry are no crash", () => {
  const storage = memoryStorage();
  storage.setItem("draft alice task-1 title", "{");
  const drafts = createDrafts(storage, "alice");
  expect(drafts.read("task-1", "title")).toBeUndefined();
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  expect(() => drafts.write("task-1", "title", draft)).not.toThrow();
});

test("what was not saved is found by its board; what was sent or not changed is not among it", () => {
  const storage = memoryStorage();
  const drafts = createDrafts(storage, "alice", "board-1");
  drafts.write("task-1", "title", draft);
  drafts.write("task-1", "comment", { text: "half", version: 1, base: "" });
  drafts.write("task-2", "title", { ...draft, sentKey: "key-1" });
  drafts.write("task-3", "title", { ...draft, text: "old " });
  createDrafts(storage, "alice", "board-2").write("task-4", "title", draft);
  createDrafts(storage, "bob", "board-1").write("task-5", "title", draft);
  const later = createDrafts(storage, "alice", "board-1");
  expect(later.unsaved()).toEqual([
    { taskId: "task-1", field: "title", text: "new" },
    { taskId: "task-1", field: "comment", text: "half" },
  ]);
  later.remove("task-1", "title");
  expect(later.unsaved()).toHaveLength(1);
});
