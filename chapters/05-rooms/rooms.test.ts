import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRooms, type Member } from "./rooms.ts";

function member(userId: string): Member & { heard: string[] } {
  const heard: string[] = [];
  return { userId, heard, send: (bytes) => heard.push(Buffer.from(bytes).toString()) };
}

const word = (text: string) => Buffer.from(text);

describe("rooms", () => {
  test("a word reaches everybody in the room but the one who is left out, and nobody else", () => {
    const rooms = createRooms();
    const [alice, bob, carol] = [member("alice"), member("bob"), member("carol")];
    rooms.join("a", alice);
    rooms.join("a", bob);
    rooms.join("b", carol);
    rooms.broadcast("a", word("hello"), alice);
    expect([alice.heard, bob.heard, carol.heard]).toEqual([[], ["hello"], []]);
  });

  test("all members get the same bytes: they are made once", () => {
    const rooms = createRooms();
    const got: Uint8Array[] = [];
    for (const userId of ["alice", "bob"]) rooms.join("a", { userId, send: (bytes) => got.push(bytes) });
    const bytes = word("hello");
    rooms.broadcast("a", bytes);
    expect(got).toHaveLength(2);
    for (const each of got) expect(each).toBe(bytes);
  });

  test("joining twice and leaving twice are one joining and one leaving", () => {
    const rooms = createRooms();
    const alice = member("alice");
    expect([rooms.join("a", alice), rooms.join("a", alice)]).toEqual([true, false]);
    rooms.broadcast("a", word("once"));
    expect(alice.heard).toEqual(["once"]);
    expect([rooms.leave("a", alice), rooms.leave("a", alice)]).toEqual([true, false]);
  });

  test("two connections of one person are two members and one person", () => {
    const rooms = createRooms();
    rooms.join("a", member("bob"));
    rooms.join("a", member("bob"));
    rooms.join("a", member("alice"));
    expect(rooms.people("a")).toEqual(["alice", "bob"]);
    expect(rooms.connectionsOf("a", "bob")).toBe(2);
  });

  test("a room that empties is freed, and a member that is gone is in none", () => {
    const rooms = createRooms();
    const alice = member("alice");
    rooms.join("a", alice);
    rooms.join("b", alice);
    expect(rooms.leaveAll(alice).sort()).toEqual(["a", "b"]);
    expect(rooms.roomCount).toBe(0);
    expect(rooms.leaveAll(alice)).toEqual([]);
  });

  test("whoever comes and goes in whatever order, a word reaches exactly those who are there", () => {
    const people = Array.from({ length: 4 }, (_, index) => index);
    const roomNames = ["a", "b", "c"];
    const step = fc.oneof(
      fc.record({
        do: fc.constantFrom("join", "leave"),
        who: fc.constantFrom(...people),
        room: fc.constantFrom(...roomNames),
      }),
      fc.record({ do: fc.constant("vanish"), who: fc.constantFrom(...people), room: fc.constant("") }),
      fc.record({
        do: fc.constant("say"),
        who: fc.constantFrom(...people),
        room: fc.constantFrom(...roomNames),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rooms = createRooms();
        const members = people.map((each) => member(`user-${each}`));
        const model = new Map(roomNames.map((room) => [room, new Set<number>()]));
        const expected: string[][] = people.map(() => []);
        steps.forEach(({ do: what, who, room }, index) => {
          const one = members[who] as (typeof members)[number];
          if (what === "join") {
            rooms.join(room, one);
            model.get(room)?.add(who);
          } else if (what === "leave") {
            rooms.leave(room, one);
            model.get(room)?.delete(who);
          } else if (what === "vanish") {
            rooms.leaveAll(one);
            for (const there of model.values()) there.delete(who);
          } else {
            rooms.broadcast(room, word(`${index}`), one);
            for (const other of model.get(room) ?? []) if (other !== who) expected[other]?.push(`${index}`);
          }
        });
        expect(members.map(({ heard }) => heard)).toEqual(expected);
        expect(rooms.roomCount).toBe([...model.values()].filter(({ size }) => size > 0).length);
      }),
    );
  });
});
