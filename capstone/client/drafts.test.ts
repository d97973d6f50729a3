import { expect, test } from "vitest";
import { createDrafts } from "./drafts.ts";

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => items.delete(key),
    setItem: (key, value) => items.set(key, value),
  };
}

const draft = { text: "new", version: 3, base: "old" };

test("a draft is there after a reload, for the same user and field only", () => {
  const storage = memory();
  createDrafts(storage, "alice").write("task-1", "title", draft);
  const later = createDrafts(storage, "alice");
  expect(later.read("task-1", "title")).toEqual(draft);
  expect(later.read("task-1", "description")).toBeUndefined();
  expect(createDrafts(storage, "bob").read("task-1", "title")).toBeUndefined();
});

test("what was sent is kept until it is under way no longer", () => {
  const storage = memory();
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
  const drafts = createDrafts(memory(), "alice");
  drafts.write("task-1", "title", { ...draft, sentKey: "key-1" });
  drafts.write("task-1", "title", { ...draft, text: "newer" });
  drafts.settle(() => false);
  expect(drafts.read("task-1", "title")?.text).toBe("newer");
});

test("a full storage and a spoilt entry are no crash", () => {
  const storage = memory();
  storage.setItem("draft alice task-1 title", "{");
  const drafts = createDrafts(storage, "alice");
  expect(drafts.read("task-1", "title")).toBeUndefined();
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  expect(() => drafts.write("task-1", "title", draft)).not.toThrow();
});
