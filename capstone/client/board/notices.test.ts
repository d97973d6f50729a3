import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../board/events.ts";
import { createBoardModel } from "../board-model.ts";
import type { Notice } from "../sync/board-client.ts";
import { createFakeBoardClient } from "../testing/fake-board-client.ts";
import { memoryStorage } from "../testing/memory-storage.ts";
import { clearToasts, dismissToast, toasts } from "../toasts.ts";
import { showNotices } from "./notices.ts";

const snapshot: Snapshot = {
  board: { id: "board-1", name: "B", epoch: "e", members: [] },
  lists: [],
  tasks: [],
  comments: [],
  seq: 1,
};

const refused = (id: string): Notice => ({
  id,
  kind: "rejected",
  command: { type: "add_comment", taskId: "task-1", comment: { id: "comment-1", text: "An hour of work" } },
  error: { code: "gone", message: "The task was deleted." },
  text: "An hour of work",
});

let stop = () => {};

beforeEach(clearToasts);
afterEach(() => stop());

function open(...notices: Notice[]) {
  const client = createFakeBoardClient(snapshot, "alice");
  client.set({ notices });
  const model = createBoardModel({ client, boardId: "board-1", userId: "alice", storage: memoryStorage() });
  stop = showNotices(model);
  return { client, model };
}

const shown = () => toasts.value.map(({ id }) => id);
const left = (client: ReturnType<typeof open>["client"]) => client.state().notices.map(({ id }) => id);

test("leaving the board lets go of no text that was refused", () => {
  const { client } = open(refused("a"));
  expect(shown()).toEqual(["a"]);
  stop();
  expect(shown()).toEqual([]);
  expect(left(client)).toEqual(["a"]);
});

test("whoever comes back to many refused texts still has all of them, and dismisses one at a time", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const { client } = open(...ids.map(refused));
  expect(shown()).toEqual(ids);
  expect(left(client)).toEqual(ids);
  dismissToast("b");
  expect(left(client)).toEqual(["a", "c", "d", "e", "f"]);
  expect(shown()).toEqual(["a", "c", "d", "e", "f"]);
});
