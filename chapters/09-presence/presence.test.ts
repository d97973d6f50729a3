import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createPresence } from "./presence.ts";
import { createTyping } from "./typing.ts";

const GRACE_MS = 15_000;
const LEASE_MS = 30_000;

function start() {
  const told: string[] = [];
  const presence = createPresence(
    ({ type, boardId, userId }) => told.push(`${type} ${boardId} ${userId}`),
    { graceMs: GRACE_MS, leaseMs: LEASE_MS },
    Date.now,
  );
  return { presence, told };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("who is here", () => {
  test("several tabs are one person: come with the first, gone with the last", () => {
    const { presence, told } = start();
    presence.refresh("board-1", "tab 1", "bob");
    presence.refresh("board-1", "tab 2", "bob");
    expect(presence.users("board-1")).toEqual(["bob"]);
    presence.leave("board-1", "tab 1");
    expect(told).toEqual(["user_joined board-1 bob"]);
    presence.leave("board-1", "tab 2");
    expect(told).toEqual(["user_joined board-1 bob", "user_left board-1 bob"]);
    expect([presence.users("board-1"), presence.size]).toEqual([[], 0]);
  });

  test("a reload is no leave, and a drop that lasts is one", () => {
    const { presence, told } = start();
    presence.refresh("board-1", "page 1", "bob");
    presence.drop("board-1", "page 1");
    vi.advanceTimersByTime(3_000);
    presence.refresh("board-1", "page 2", "bob");
    vi.advanceTimersByTime(GRACE_MS);
    expect([told, presence.size]).toEqual([["user_joined board-1 bob"], 1]);
    presence.drop("board-1", "page 2");
    vi.advanceTimersByTime(GRACE_MS - 1);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(["user_joined board-1 bob", "user_left board-1 bob"]);
  });

  test("a connection that says nothing any more is gone with its lease, whether it was dropped or not", () => {
    const { presence, told } = start();
    presence.refresh("board-1", "one", "bob");
    vi.advanceTimersByTime(20_000);
    presence.refresh("board-1", "one", "bob");
    vi.advanceTimersByTime(LEASE_MS - 1);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(told.at(-1)).toBe("user_left board-1 bob");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a drop does not lengthen a lease", () => {
    const { presence, told } = start();
    presence.refresh("board-1", "one", "bob");
    vi.advanceTimersByTime(LEASE_MS - 1_000);
    presence.drop("board-1", "one");
    vi.advanceTimersByTime(1_000);
    expect(told.at(-1)).toBe("user_left board-1 bob");
  });

  test("a connection that was dropped and is heard of again is there as before", () => {
    const { presence, told } = start();
    presence.refresh("board-1", "one", "bob");
    presence.drop("board-1", "one");
    presence.refresh("board-1", "one", "bob");
    vi.advanceTimersByTime(GRACE_MS + 1);
    expect(told).toHaveLength(1);
  });

  test("boards and people do not mix", () => {
    const { presence, told } = start();
    presence.refresh("board-1", "one", "bob");
    presence.refresh("board-2", "one", "bob");
    presence.refresh("board-1", "two", "alice");
    expect([presence.users("board-1"), presence.users("board-2")]).toEqual([["alice", "bob"], ["bob"]]);
    presence.leave("board-1", "one");
    expect([presence.users("board-1"), presence.users("board-2")]).toEqual([["alice"], ["bob"]]);
    expect(told).toHaveLength(4);
  });

  test("somebody who is shown out is gone at once, on all connections", () => {
    const { presence, told } = start();
    presence.refresh("board-1", "one", "bob");
    presence.refresh("board-1", "two", "bob");
    presence.drop("board-1", "two");
    presence.remove("board-1", "bob");
    expect([told.at(-1), presence.size]).toEqual(["user_left board-1 bob", 0]);
  });

  test("what is not there can be dropped and left without harm", () => {
    const { presence, told } = start();
    presence.drop("board-1", "nobody");
    presence.leave("board-1", "nobody");
    presence.remove("board-1", "nobody");
    expect([told, presence.size, vi.getTimerCount()]).toEqual([[], 0, 0]);
  });
});

test("whatever happens in whatever order, what is told and what is shown follow from a simple model", () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constantFrom("refresh" as const, "drop" as const, "leave" as const),
      board: fc.constantFrom("board-1", "board-2"),
      connection: fc.nat({ max: 5 }),
    }),
    // A crash is time in which nothing is heard.
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      const { presence, told } = start();
      const userOf = (connection: number) => `user-${connection % 3}`;
      /** By board and connection: until when it is there. */
      const model = new Map<string, number>();
      const here = (board: string) =>
        [...model]
          .filter(([key, until]) => key.startsWith(board) && until > Date.now())
          .map(([key]) => userOf(Number(key.split(" ")[1])));
      const usersOf = (board: string) => [...new Set(here(board))].sort();
      const expected: string[] = [];

      /** Lets something happen in the model, and notes who comes and goes by it. */
      function change(run: () => void): void {
        const before = new Map(["board-1", "board-2"].map((board) => [board, usersOf(board)]));
        run();
        for (const [board, users] of before) {
          const now = usersOf(board);
          for (const user of now) if (!users.includes(user)) expected.push(`user_joined ${board} ${user}`);
          for (const user of users) if (!now.includes(user)) expected.push(`user_left ${board} ${user}`);
        }
      }

      for (const each of steps) {
        if (each.do === "wait") {
          // Second by second, because who goes first is told first.
          for (let rest = each.ms; rest > 0; rest -= 1_000)
            change(() => vi.advanceTimersByTime(Math.min(rest, 1_000)));
          continue;
        }
        const { board, connection } = each;
        const key = `${board} ${connection}`;
        if (each.do === "refresh") {
          presence.refresh(board, `${connection}`, userOf(connection));
          change(() => model.set(key, Date.now() + LEASE_MS));
        } else if (each.do === "drop") {
          presence.drop(board, `${connection}`);
          const until = model.get(key);
          change(() => until !== undefined && model.set(key, Math.min(until, Date.now() + GRACE_MS)));
        } else {
          presence.leave(board, `${connection}`);
          change(() => model.delete(key));
        }
        for (const name of ["board-1", "board-2"]) expect(presence.users(name)).toEqual(usersOf(name));
      }
      // Several who go within the same second are told in any order.
      expect([...told].sort()).toEqual([...expected].sort());
      vi.advanceTimersByTime(LEASE_MS);
      expect([presence.size, vi.getTimerCount()]).toEqual([0, 0]);
      // Nobody comes twice without having gone.
      const states = new Map<string, string>();
      for (const line of told) {
        const [type = "", ...who] = line.split(" ");
        expect(states.get(who.join(" ")) ?? "user_left").not.toBe(type);
        states.set(who.join(" "), type);
      }
      presence.close();
    }),
    { numRuns: 300 },
  );
});

describe("typing", () => {
  function startTyping() {
    const told: string[] = [];
    const typing = createTyping(({ type, userId, taskId }) =>
      told.push(`${type} ${userId} ${taskId ?? "new"}`),
    );
    return { typing, told };
  }

  test("is told once, goes on with every word, and ends by itself", () => {
    const { typing, told } = startTyping();
    for (let each = 0; each < 5; each += 1) {
      typing.type("board-1", "tab", "bob", "task-1");
      vi.advanceTimersByTime(4_000);
    }
    expect(told).toEqual(["user_typing bob task-1"]);
    expect(typing.on("board-1")).toEqual([{ boardId: "board-1", userId: "bob", taskId: "task-1" }]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual(["user_typing bob task-1", "user_stopped_typing bob task-1"]);
    expect([typing.on("board-1"), vi.getTimerCount()]).toEqual([[], 0]);
  });

  test("stops with its connection, at once", () => {
    const { typing, told } = startTyping();
    typing.type("board-1", "tab", "bob");
    typing.stop("tab");
    typing.stop("tab");
    expect(told).toEqual(["user_typing bob new", "user_stopped_typing bob new"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("on two connections ends with the last one", () => {
    const { typing, told } = startTyping();
    typing.type("board-1", "laptop", "bob", "task-1");
    typing.type("board-1", "phone", "bob", "task-1");
    typing.stop("laptop");
    expect(told).toHaveLength(1);
    typing.stop("phone");
    expect(told).toHaveLength(2);
  });

  test("in another place ends in the first", () => {
    const { typing, told } = startTyping();
    typing.type("board-1", "tab", "bob", "task-1");
    typing.type("board-1", "tab", "bob", "task-2");
    expect(told).toEqual([
      "user_typing bob task-1",
      "user_stopped_typing bob task-1",
      "user_typing bob task-2",
    ]);
  });
});
