import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { BoardEvent } from "../../shared/events.ts";
import { accepted, demoBoard } from "../../shared/testing/demo-board.ts";
import { until } from "../../shared/testing/until.ts";
import { createRedisBus } from "./redis-bus.ts";
import type { Hint, RedisLink } from "./redis-link.ts";
import { ALONE } from "./redis-link.ts";

/** A link that a test gives its messages. */
function linkByHand() {
  const listeners = new Map<string, (hint: Hint) => void>();
  const told: string[] = [];
  const link: RedisLink = {
    ...ALONE,
    isAlone: false,
    tell: (channel, text) => void told.push(`${channel} ${text}`),
    listen(channel, onHint) {
      listeners.set(channel, onHint);
      return () => void listeners.delete(channel);
    },
  };
  return { link, listeners, told, hint: (channel: string, hint: Hint) => listeners.get(channel)?.(hint) };
}

function busOfTest() {
  const { boards } = demoBoard();
  const byHand = linkByHand();
  const bus = createRedisBus(boards, byHand.link, { lookMs: 60_000 });
  onTestFinished(() => bus.close());
  const heard: number[] = [];
  bus.subscribe("board:*", "test", ({ seq }) => void heard.push(seq));
  const commit = () =>
    accepted(boards.createTask("alice", { listId: "list-todo", title: "a task" })) as BoardEvent;
  return { ...byHand, boards, bus, heard, commit };
}

describe("what a node publishes on its own bus", () => {
  test("after one hint all that it has missed, page by page", async () => {
    const { bus, hint, heard, commit } = busOfTest();
    bus.watch("board-1");
    const first = commit().seq;
    for (let index = 1; index < 250; index += 1) commit();
    hint("board:board-1", String(first));
    await until("all of it", () => heard.length === 250);
    expect(heard).toEqual(Array.from({ length: 250 }, (_, index) => first + index));
  });

  test("its own event after those of others that it has not heard of", () => {
    const { bus, heard, told, commit } = busOfTest();
    bus.watch("board-1");
    const others = commit();
    const own = commit();
    bus.announce(own);
    expect(heard).toEqual([others.seq, own.seq]);
    expect(told).toEqual([`board:board-1 ${own.seq}`]);
  });

  test("nothing for a hint that is old, nothing for a lie, and nothing twice", () => {
    const { bus, hint, heard, commit } = busOfTest();
    bus.watch("board-1");
    const { seq } = commit();
    for (const text of [`${seq}`, `${seq}`, "1", "999999", "-5", "not a number", "", undefined]) {
      hint("board:board-1", text);
    }
    expect(heard).toEqual([seq]);
  });

  test("what it commits also where nobody follows the board, once as its own", () => {
    const { bus, heard, commit } = busOfTest();
    const own: number[] = [];
    bus.subscribe("committed:*", "test", ({ seq }) => void own.push(seq));
    const event = commit();
    bus.announce(event);
    expect([heard, own]).toEqual([[event.seq], [event.seq]]);
  });

  test("a board is listened to as long as anybody follows it, however often they say that they do not", () => {
    const { bus, listeners } = busOfTest();
    const stops = [bus.watch("board-1"), bus.watch("board-1")];
    stops[0]?.();
    stops[0]?.();
    expect([...listeners.keys()]).toEqual(["board:board-1"]);
    stops[1]?.();
    expect([...listeners.keys(), ...bus.watchedBoards]).toEqual([]);
  });

  test("a hint of people, and a new connection, lead to a look at who is there", () => {
    const { bus, hint } = busOfTest();
    const looks: string[] = [];
    bus.onPeopleHint((boardId) => void looks.push(boardId));
    bus.watch("board-1");
    hint("board:board-1", "people");
    hint("board:board-1", undefined);
    hint("board:board-1", "1");
    expect(looks).toEqual(["board-1", "board-1"]);
  });

  test("a database that cannot be read at the moment is read at the next hint", () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => logged.mockRestore());
    const { bus, boards, hint, heard, commit } = busOfTest();
    bus.watch("board-1");
    const { seq } = commit();
    const read = vi.spyOn(boards, "eventsAfter").mockImplementationOnce(() => {
      throw new Error("busy");
    });
    hint("board:board-1", String(seq));
    expect([heard, logged.mock.calls.length]).toEqual([[], 1]);
    hint("board:board-1", String(seq));
    expect(heard).toEqual([seq]);
    read.mockRestore();
  });
});
