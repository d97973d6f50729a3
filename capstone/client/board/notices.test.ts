import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Snapshot } from "../../board/events.ts";
import { createBoardModel } from "../board-model.ts";
import { NO_FILTER } from "../filter.ts";
import { go } from "../router.ts";
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

const conflict: Notice = {
  id: "conflict",
  kind: "conflict",
  command: { type: "update_task", taskId: "task-1", change: { description: "Mine", version: 1 } },
  conflicts: [{ field: "description", yours: "Mine", theirs: "Bob's", actorId: "bob" }],
  version: 2,
  taskId: "task-1",
};

let stop = () => {};

beforeEach(() => {
  const location = { pathname: "/", search: "" };
  vi.stubGlobal("location", location);
  vi.stubGlobal("history", {
    pushState: (_state: unknown, _title: string, href: string) => {
      location.pathname = href;
    },
  });
  clearToasts();
  goTo(undefined);
});

afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

/** @param taskId undefined: no card is open */
function goTo(taskId: string | undefined): void {
  go({ view: "board", boardId: "board-1", taskId, filter: NO_FILTER });
}

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

test("a conflict is told when its card is left, as long as nothing was chosen", () => {
  goTo("task-1");
  const { client } = open();
  client.set({ notices: [conflict] });
  expect(shown()).toEqual([]);
  goTo(undefined);
  expect(shown()).toEqual(["conflict"]);
  toasts.value[0]?.actions[0]?.run();
  expect(shown()).toEqual([]);
  goTo("task-2");
  expect(shown()).toEqual(["conflict"]);
  dismissToast("conflict");
  expect(left(client)).toEqual(["conflict"]);
  goTo(undefined);
  expect(shown()).toEqual([]);
  goTo("task-1");
  client.dismiss("conflict");
  goTo(undefined);
  expect(shown()).toEqual([]);
});

test("whoever leaves the board from such a card is told nothing on the next page", () => {
  goTo("task-1");
  open(conflict);
  go("/");
  expect(shown()).toEqual([]);
});
