import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { type Connection, createRooms } from "./exercise.ts";

type Device = "alice's laptop" | "alice's phone" | "bob" | "carol";

/** Rooms, and four connections that keep what they hear. */
function start(log: Log) {
  const rooms = createRooms();
  const heard: Record<Device, string[]> = { "alice's laptop": [], "alice's phone": [], bob: [], carol: [] };
  const broken = new Set<Device>();
  const connect = (device: Device, userId: string): Connection => ({
    userId,
    send(message) {
      if (broken.has(device)) throw new Error("write EPIPE");
      log(`${device} ← ${message}`);
      heard[device].push(message);
    },
  });
  const connections: Record<Device, Connection> = {
    "alice's laptop": connect("alice's laptop", "alice"),
    "alice's phone": connect("alice's phone", "alice"),
    bob: connect("bob", "bob"),
    carol: connect("carol", "carol"),
  };
  return {
    heard,
    join(device: Device, ...names: string[]): void {
      for (const room of names) {
        log(`${device} joins ${room}`);
        rooms.join(room, connections[device]);
      }
    },
    leave(device: Device, room: string): void {
      log(`${device} leaves ${room}`);
      rooms.leave(room, connections[device]);
    },
    end(device: Device): void {
      log(`${device} ends: leaveAll`);
      rooms.leaveAll(connections[device]);
    },
    breaks(device: Device): void {
      log(`${device} breaks: its send throws`);
      broken.add(device);
    },
    /** @returns what came of it */
    tell(room: string, message: string, except?: Device): string {
      log(`broadcast ${message} to ${room}${except ? `, except ${except}` : ""}`);
      try {
        rooms.broadcast(room, message, except && connections[except]);
        return "done";
      } catch (error) {
        return `thrown: ${(error as Error).message}`;
      }
    },
    count(): number {
      const { roomCount } = rooms;
      log(`rooms: ${roomCount}`);
      return roomCount;
    },
  };
}

test("a message is heard by all in its room, and by nobody else", ({ log }) => {
  const { heard, join, tell } = start(log);
  join("alice's laptop", "board-1", "board-2");
  join("bob", "board-1");
  join("carol", "board-2");
  tell("board-1", "one");
  tell("board-2", "two");
  expect(heard, "what each has heard").toEqual({
    "alice's laptop": ["one", "two"],
    "alice's phone": [],
    bob: ["one"],
    carol: ["two"],
  });
});

test("whoever joins twice hears everything once, and has left after leaving once", ({ log }) => {
  const { heard, join, leave, tell } = start(log);
  join("bob", "board-1", "board-1");
  tell("board-1", "one");
  leave("bob", "board-1");
  tell("board-1", "two");
  expect(heard.bob, "what Bob has heard").toEqual(["one"]);
});

test("the connection that caused it is left out, and her other one hears it", ({ log }) => {
  const { heard, join, tell } = start(log);
  join("alice's laptop", "board-1");
  join("alice's phone", "board-1");
  join("bob", "board-1");
  tell("board-1", "alice has moved a task", "alice's laptop");
  tell("board-1", "bob has moved it back", "bob");
  expect(heard, "what each has heard").toEqual({
    "alice's laptop": ["bob has moved it back"],
    "alice's phone": ["alice has moved a task", "bob has moved it back"],
    bob: ["alice has moved a task"],
    carol: [],
  });
});

test("whoever leaves one room stays in the others, and so do the others", ({ log }) => {
  const { heard, join, leave, tell } = start(log);
  join("alice's laptop", "board-1", "board-2");
  join("alice's phone", "board-1");
  join("bob", "board-1");
  leave("alice's laptop", "board-1");
  leave("carol", "board-1");
  tell("board-1", "one");
  tell("board-2", "two");
  expect(heard, "what each has heard").toEqual({
    "alice's laptop": ["two"],
    "alice's phone": ["one"],
    bob: ["one"],
    carol: [],
  });
});

test("a connection that has ended is in no room any more", ({ log }) => {
  const { heard, join, end, tell } = start(log);
  join("alice's laptop", "board-1", "board-2", "board-3");
  join("alice's phone", "board-1");
  join("bob", "board-1", "board-2", "board-3");
  end("alice's laptop");
  for (const room of ["board-1", "board-2", "board-3"]) tell(room, `to ${room}`);
  expect(heard, "what each has heard").toEqual({
    "alice's laptop": [],
    "alice's phone": ["to board-1"],
    bob: ["to board-1", "to board-2", "to board-3"],
    carol: [],
  });
});

test("whoever has left one room, and ends then, is in no other either", ({ log }) => {
  const { heard, join, leave, end, tell } = start(log);
  join("bob", "board-1", "board-2", "board-3");
  join("carol", "board-2");
  leave("bob", "board-1");
  end("bob");
  for (const room of ["board-1", "board-2", "board-3"]) tell(room, `to ${room}`);
  expect(heard, "what each has heard").toEqual({
    "alice's laptop": [],
    "alice's phone": [],
    bob: [],
    carol: ["to board-2"],
  });
});

test("a room that empties is forgotten", ({ log }) => {
  const { join, leave, end, tell, count } = start(log);
  const counts: number[] = [];
  join("alice's laptop", "board-1", "board-2");
  join("bob", "board-1", "board-3");
  counts.push(count());
  leave("bob", "board-3");
  counts.push(count());
  end("alice's laptop");
  counts.push(count());
  end("bob");
  counts.push(count());
  tell("board-1", "hello?");
  counts.push(count());
  leave("carol", "board-2");
  counts.push(count());
  expect(
    counts,
    "the rooms at first, after a leave, after the end of Alice, after the end of Bob, after a message to nobody, and after a leave of somebody who was not there",
  ).toEqual([3, 2, 1, 0, 0, 0]);
});

test("a connection whose send throws does not silence the others", ({ log }) => {
  const { heard, join, breaks, tell } = start(log);
  join("alice's laptop", "board-1");
  join("bob", "board-1");
  join("carol", "board-1");
  breaks("bob");
  const outcomes = [tell("board-1", "one"), tell("board-1", "two")];
  expect(outcomes, "what came of the two broadcasts").toEqual(["done", "done"]);
  expect(heard, "what each has heard").toEqual({
    "alice's laptop": ["one", "two"],
    "alice's phone": [],
    bob: [],
    carol: ["one", "two"],
  });
});
