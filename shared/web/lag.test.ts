import { describe, expect, test } from "vitest";
import { createLagMeter, lagText } from "./lag.ts";

const board = (seq: number, epoch = "e") => ({ epoch, seq });

function startedMeter() {
  const meter = createLagMeter(["alice", "bob"]);
  meter.shown("alice", board(9), 0);
  meter.shown("bob", board(9), 50);
  return meter;
}

describe("the lag meter", () => {
  test("a board that was never on the screen is not up to date", () => {
    const meter = createLagMeter(["alice", "bob"]);
    meter.shown("alice", board(9), 0);
    expect(lagText(meter, "bob", 10)).toBe("not loaded");
    expect(lagText(meter, "alice", 10)).toBe("up to date");
  });

  test("a board is behind from the moment another one shows something newer", () => {
    const meter = startedMeter();
    expect(lagText(meter, "bob", 60)).toBe("up to date");
    meter.shown("alice", board(10), 1_000);
    expect(meter.isBehind("bob")).toBe(true);
    expect(lagText(meter, "bob", 4_200)).toBe("out of date for 3.2 s");
    expect(lagText(meter, "alice", 4_200)).toBe("up to date");
    meter.shown("bob", board(10), 5_000);
    expect(lagText(meter, "bob", 9_000)).toBe("up to date, was 4.0 s behind");
  });

  test("of several changes it is the oldest that counts", () => {
    const meter = startedMeter();
    meter.shown("alice", board(10), 1_000);
    meter.shown("alice", board(11), 2_000);
    meter.shown("bob", board(10), 2_500);
    expect(meter.behindMs("bob", 3_000)).toBe(1_000);
    meter.shown("bob", board(11), 3_000);
    expect(meter.lastBehindMs("bob")).toBe(1_000);
  });

  test("from the click to the other's screen, also if the other one sees it first", () => {
    const meter = startedMeter();
    meter.changeBegun("alice", 1_000);
    meter.shown("bob", board(10), 1_040);
    meter.shown("alice", board(10), 1_060);
    expect(meter.lastFromClick("bob")).toEqual({ from: "alice", ms: 40 });
    expect(meter.lastFromClick("alice")).toBeUndefined(); // her own
  });

  test("two clicks in a row are told apart, and one that failed brought nothing", () => {
    const meter = startedMeter();
    meter.changeBegun("alice", 1_000);
    meter.changeBegun("bob", 1_200);
    meter.changeFailed("alice");
    meter.shown("bob", board(10), 1_250);
    meter.shown("alice", board(10), 1_300);
    expect(meter.lastFromClick("alice")).toEqual({ from: "bob", ms: 100 });
  });

  test("a click that brought nothing for long is not charged to a later change", () => {
    const meter = startedMeter();
    meter.changeBegun("alice", 1_000);
    meter.changeBegun("alice", 60_000);
    meter.shown("alice", board(10), 60_020);
    meter.shown("bob", board(10), 60_050);
    expect(meter.lastFromClick("bob")).toEqual({ from: "alice", ms: 50 });
  });

  test("another log cannot be compared with the one before, and nothing is left of that", () => {
    const meter = startedMeter();
    meter.shown("alice", board(10), 1_000);
    meter.shown("bob", board(10), 1_500);
    meter.shown("alice", board(3, "other"), 2_000);
    expect(meter.isBehind("bob")).toBe(false);
    meter.shown("bob", board(3, "other"), 2_500);
    expect(lagText(meter, "bob", 3_000)).toBe("up to date");
  });
});
