import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Snapshot } from "../board/events.ts";
import { createDrafts } from "./drafts.ts";
import { countWaiting, outboxOf } from "./outboxes.ts";
import { endSession, loadSession, pageOwner, session, watchSession } from "./session.ts";
import { lossesOf, lossesText, signOut } from "./sign-out.ts";
import type { EntryState, OutboxEntry } from "./sync/outbox.ts";
import { memoryStorage } from "./testing/memory-storage.ts";
import { showToast, toasts } from "./toasts.ts";

const snapshot: Snapshot = {
  board: { id: "board-1", name: "B", epoch: "e", members: [] },
  lists: [],
  tasks: [],
  comments: [],
  seq: 1,
};

const entry = (key: string, boardId: string, state: EntryState): OutboxEntry => ({
  key,
  userId: "alice",
  boardId,
  command: { type: "delete_task", taskId: key },
  at: "2026-11-01T00:00:00.000Z",
  order: 1,
  state,
});

let storage: Storage;
/** What the server says to the next request. */
let answer: () => Response;
const leave = vi.fn();

beforeEach(async () => {
  storage = memoryStorage();
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("BroadcastChannel", undefined);
  vi.stubGlobal("fetch", async () => answer());
  answer = () => Response.json({ userId: "alice", name: "Alice" });
  await loadSession();
  const outbox = await outboxOf("alice");
  await outbox.add(entry("a", "board-1", "waiting"));
  await outbox.add(entry("b", "board-2", "sent"));
  await outbox.add(entry("c", "board-2", "accepted"));
  await outbox.saveSnapshot(snapshot);
  createDrafts(storage, "alice").write("task-1", "title", { text: "new", base: "old", version: 1 });
  createDrafts(storage, "alice").write("task-2", "title", { text: "same", base: "same", version: 1 });
  createDrafts(storage, "bob").write("task-1", "title", { text: "bob's", base: "", version: 1 });
  storage.setItem("theme", "dark");
});

afterEach(async () => {
  answer = () => new Response(null, { status: 204 });
  await signOut({ userId: "alice", isEverywhere: false, leave, storage });
  vi.unstubAllGlobals();
});

test("what would be lost is counted over all boards, and said", async () => {
  const losses = await lossesOf("alice", storage);
  expect(losses).toEqual({ changes: 2, texts: 1 });
  expect(lossesText(losses)).toBe(
    "2 changes have not reached the server. 1 text is written but not saved. Sign out and lose them?",
  );
  expect(lossesText({ changes: 1, texts: 0 })).toBe(
    "1 change has not reached the server. Sign out and lose it?",
  );
  expect(lossesText({ changes: 0, texts: 0 })).toBeUndefined();
});

test("a text that the server has refused would be lost, too; a refused change without one is no loss", async () => {
  const outbox = await outboxOf("alice");
  await outbox.add(entry("d", "board-2", "refused"));
  const comment = { id: "comment-1", text: "An hour of work" };
  await outbox.add({
    ...entry("e", "board-2", "refused"),
    command: { type: "add_comment", taskId: "task-1", comment },
  });
  const change = { description: "My words", version: 1 };
  await outbox.add({
    ...entry("f", "board-1", "refused"),
    command: { type: "update_task", taskId: "task-1", change },
  });
  expect(await lossesOf("alice", storage)).toEqual({ changes: 2, texts: 3 });
});

test("signing out leaves nothing of the user, and what is others' alone", async () => {
  answer = () => new Response(null, { status: 204 });
  showToast({ text: "“Secret plan” was deleted." });
  await signOut({ userId: "alice", isEverywhere: false, leave, storage });
  expect(session.value).toBeNull();
  expect(pageOwner.value).toBeUndefined();
  expect(toasts.value).toEqual([]);
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([]);
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  expect(names.sort()).toEqual(["draft bob task-1 title", "theme"]);
});

test("nothing comes back from a board that was open while its user signed out", async () => {
  answer = () => new Response(null, { status: 204 });
  const open = await outboxOf("alice");
  await signOut({ userId: "alice", isEverywhere: false, leave, storage });
  await open.saveSnapshot(snapshot).catch(() => {});
  const again = await outboxOf("alice");
  expect(await again.snapshot("board-1")).toBeUndefined();
  expect(await again.entries()).toEqual([]);
});

test("while the server cannot be reached nobody is signed out, and nothing is lost", async () => {
  answer = () => {
    throw new TypeError("no network");
  };
  const reply = await signOut({ userId: "alice", isEverywhere: false, leave, storage });
  expect(reply.ok).toBe(false);
  expect(session.value?.userId).toBe("alice");
  expect(await countWaiting("alice")).toBe(2);
});

test("a page whose browser belongs to somebody else by now does not go on showing what is its owner's", async () => {
  const onSignedIn = vi.fn();
  watchSession(() => {}, onSignedIn);
  await endSession();
  expect(onSignedIn).not.toHaveBeenCalled();
  answer = () => Response.json({ userId: "bob", name: "Bob" });
  await endSession();
  expect(onSignedIn).toHaveBeenCalledTimes(1);
});

test("a session that has ended by itself keeps everything, for that user", async () => {
  await endSession();
  expect(session.value).toBeNull();
  expect(pageOwner.value).toBe("alice");
  expect(await lossesOf("alice", storage)).toEqual({ changes: 2, texts: 1 });
  expect(await (await outboxOf("bob")).entries()).toEqual([]);
  await (await outboxOf("bob")).close();
});
