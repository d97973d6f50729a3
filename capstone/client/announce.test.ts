import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { announce, announcement, createRemoteAnnouncer, movedText, remoteText } from "./announce.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const moved = { taskId: "task-1", title: "Draw the logo", kind: "moved", listName: "Doing" } as const;

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

test("one change by others is said with its name, several are counted", () => {
  expect(remoteText([moved])).toBe("“Draw the logo” was moved to Doing");
  expect(remoteText([{ ...moved, kind: "deleted" }])).toBe("“Draw the logo” was deleted");
  expect(remoteText([moved, moved])).toBe("2 cards were moved");
  expect(remoteText([moved, { ...moved, kind: "added" }])).toBe("2 cards were changed");
});

test("a busy board does not talk all the time", () => {
  const said: string[] = [];
  const remote = createRemoteAnnouncer((text) => said.push(text), 2_000);
  for (let count = 0; count < 30; count += 1) {
    remote.add([{ ...moved, taskId: `task-${count}` }]);
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(["20 cards were moved", "10 cards were moved"]);
});

test("a card that was moved twice is one card, and it is where it is now", () => {
  const said: string[] = [];
  const remote = createRemoteAnnouncer((text) => said.push(text), 2_000);
  remote.add([{ ...moved, listName: "Doing" }]);
  remote.add([{ ...moved, listName: "Done" }]);
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(["“Draw the logo” was moved to Done"]);
});
