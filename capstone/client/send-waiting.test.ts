import { describe, expect, onTestFinished, test } from "vitest";
import { until } from "../../shared/testing/until.ts";
import type { Command } from "../board/commands.ts";
import type { Snapshot } from "../board/events.ts";
import { type SendWaitingOptions, sendWaiting, unsentText } from "./send-waiting.ts";
import { createMemoryOutbox } from "./sync/memory-outbox.ts";
import type { OutboxEntry } from "./sync/outbox.ts";
import { startModelServer } from "./sync/testing/model-server.ts";
import { modelClient } from "./sync/testing/open-client.ts";

const create = (id: string, listId = "todo"): Command => ({
  type: "create_task",
  task: { id, listId, title: `Title of ${id}` },
});

const waiting = (key: string, boardId: string, command: Command, order = 1): OutboxEntry => ({
  ...{ key: key.padEnd(16, "-"), userId: "alice", boardId, command, order },
  ...{ at: new Date().toISOString(), state: "waiting" },
});

async function setUp(entries: (listId: string) => readonly OutboxEntry[]) {
  const server = await startModelServer();
  const snapshot = async () => (await server.store.snapshot("board-1")) as Snapshot;
  const listId = (await snapshot()).lists[0]?.id ?? "";
  const outbox = createMemoryOutbox();
  for (const entry of entries(listId)) await outbox.add(entry);
  const opened: string[] = [];
  const start = (options: Partial<SendWaitingOptions> = {}) => {
    const sending = sendWaiting({
      outbox,
      everyMs: 20,
      openClient(boardId) {
        opened.push(boardId);
        return modelClient(server, "alice", { boardId, outbox });
      },
      ...options,
    });
    onTestFinished(() => sending.stop());
    return sending;
  };
  const titles = async () => (await snapshot()).tasks.map(({ id }) => id);
  return { server, listId, outbox, opened, start, titles };
}

describe("what waits is sent without its board being open", () => {
  test("once, in its order, and nothing stays open", async () => {
    const { server, start, titles, opened, outbox } = await setUp((listId) => [
      waiting("one", "board-1", create("one", listId), 1),
      waiting("two", "board-1", { type: "update_task", taskId: "one", change: { title: "Changed" } }, 2),
    ]);
    const sending = start();
    await until("it to be seen", () => sending.unsent.value.get("board-1")?.waiting === 2);
    await until("it to be sent", () => sending.unsent.value.size === 0);
    expect(await titles()).toContain("one");
    expect([...server.runs.values()]).toEqual([1, 1]);
    expect(opened).toEqual(["board-1"]);
    expect((await outbox.entries()).filter(({ state }) => state !== "accepted")).toEqual([]);
  });

  test("as soon as the server is back, and it says until then how much there is", async () => {
    const { server, start, titles } = await setUp((listId) => [
      waiting("one", "board-1", create("one", listId)),
    ]);
    server.network.isDown = true;
    const sending = start();
    await until("an attempt", () => server.requests.length > 0 || sending.unsent.value.size > 0);
    expect(sending.unsent.value.get("board-1")).toEqual({ waiting: 1, refused: 0 });
    expect(await titles()).not.toContain("one");
    server.network.isDown = false;
    await until("it to be sent", () => sending.unsent.value.size === 0);
    expect(await titles()).toContain("one");
  });

  test("what is refused is said until it was looked at", async () => {
    const { start } = await setUp(() => [
      waiting("one", "board-1", { type: "delete_task", taskId: "nothing" }),
      waiting("two", "no-board", create("two")),
    ]);
    const sending = start();
    const refused = { waiting: 0, refused: 1 };
    await until("both answers", () => {
      const all = [...sending.unsent.value.values()];
      return all.length === 2 && all.every((each) => each.waiting === 0);
    });
    expect(Object.fromEntries(sending.unsent.value)).toEqual({ "board-1": refused, "no-board": refused });
  });

  test("a board whose page is open sends by itself, and what it leaves is sent afterwards", async () => {
    const { start, titles, opened, outbox, listId } = await setUp((list) => [
      waiting("one", "board-1", create("one", list)),
    ]);
    const sending = start();
    sending.leaveTo("board-1");
    await until("it to be seen", () => sending.unsent.value.size === 1);
    await outbox.add(waiting("two", "board-1", create("two", listId), 2));
    await until("both", () => sending.unsent.value.get("board-1")?.waiting === 2);
    expect(opened).toEqual([]);
    expect(await titles()).not.toContain("one");
    sending.leaveTo(undefined);
    await until("it to be sent", () => sending.unsent.value.size === 0);
    expect(await titles()).toEqual(expect.arrayContaining(["one", "two"]));
  });

  test("when nobody is signed in any more nothing is opened", async () => {
    const { start, opened, outbox, listId } = await setUp(() => []);
    const sending = start();
    sending.stop();
    await outbox.add(waiting("one", "board-1", create("one", listId)));
    sending.leaveTo(undefined);
    await Promise.resolve();
    await outbox.entries();
    expect(opened).toEqual([]);
    expect(sending.unsent.value.size).toBe(0);
  });
});

test("it is said in few words", () => {
  expect(unsentText(undefined)).toBeUndefined();
  expect(unsentText({ waiting: 1, refused: 0 })).toBe("1 change waiting");
  expect(unsentText({ waiting: 2, refused: 1 })).toBe("2 changes waiting, 1 change not accepted");
});
