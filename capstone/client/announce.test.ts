import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  announce,
  announcement,
  createRemoteAnnouncer,
  movedText,
  type RemoteChange,
  remoteText,
} from "./announce.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const moved: RemoteChange = {
  id: "task-1",
  actorId: "bob",
  kind: "moved",
  what: "card",
  title: "Draw the logo",
  listName: "Doing",
};
const names: Record<string, string> = { bob: "Bob", carol: "Carol" };
const nameOf = (userId: string) => names[userId] ?? "";

test("a move says where the card is now", () => {
  expect(movedText("Draw the logo", "Doing", 2, 4)).toBe("Moved “Draw the logo” to Doing, position 2 of 4");
});

test("the same text again is another text, so that it is read again", () => {
  announce("Moved");
  const first = announcement.value;
  announce("Moved");
  expect(announcement.value).not.toBe(first);
  expect(announcement.value.trim()).toBe("Moved");
});

test("one change by somebody else is said with its name, several are counted", () => {
  const { listName: _, ...rest } = moved;
  const deleted: RemoteChange = { ...rest, kind: "deleted" };
  const texts: [RemoteChange[], string][] = [
    [[moved], "Bob moved “Draw the logo” to Doing"],
    [[deleted], "Bob deleted “Draw the logo”"],
    [[{ ...deleted, what: "list", title: "Done" }], "Bob deleted the list “Done”"],
    [[moved, moved], "Bob moved 2 cards"],
    [[moved, deleted], "Bob changed 2 cards"],
    [[moved, { ...moved, actorId: "carol" }], "Several people moved 2 cards"],
    [[moved, { ...rest, what: "list" }], "Bob moved 2 cards and lists"],
  ];
  for (const [changes, text] of texts) expect(remoteText(changes, nameOf)).toBe(text);
});

test("a busy board does not talk all the time", () => {
  const said: string[] = [];
  const remote = createRemoteAnnouncer(nameOf, (text) => said.push(text), 2_000);
  for (let count = 0; count < 30; count += 1) {
    remote.add([{ ...moved, id: `task-${count}` }]);
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(["Bob moved 20 cards", "Bob moved 10 cards"]);
});

test("a card that was moved twice is one card, and it is where it is now", () => {
  const said: string[] = [];
  const remote = createRemoteAnnouncer(nameOf, (text) => said.push(text), 2_000);
  remote.add([{ ...moved, listName: "Doing" }]);
  remote.add([{ ...moved, listName: "Done" }]);
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(["Bob moved “Draw the logo” to Done"]);
});
