import { expect, test, vi } from "vitest";
import { createLink, type LinkOptions } from "./link.ts";
import type { FollowOptions } from "./transports/transport.ts";

function openLink() {
  let follow: FollowOptions | undefined;
  const [close, onEnd, onChange] = [vi.fn(), vi.fn(), vi.fn()];
  const transport = {
    name: "socket" as const,
    open(options: FollowOptions) {
      follow = options;
      return { close, probe: () => {} };
    },
  };
  const rest = {
    baseUrl: "",
    fetch,
    boardId: "board",
    cursor: () => ({ epoch: "e", seq: 0 }),
    onEvents() {},
    onSignal() {},
  };
  const options: LinkOptions = { ...rest, transport, openWithinMs: 100, answerWithinMs: 50, onEnd, onChange };
  return { link: createLink(options), tell: follow as unknown as FollowOptions, close, onEnd, onChange };
}

test("a computer that has slept for longer than a connection may be silent has no connection, though no timer has run", () => {
  vi.useFakeTimers();
  const { link, tell, onEnd, close } = openLink();
  tell.onAlive(30_000);
  tell.onLive();
  link.checkSilence();
  expect([link.phase, onEnd.mock.calls.length]).toEqual(["live", 0]);
  vi.setSystemTime(Date.now() + 30_001);
  link.checkSilence();
  expect(close).toHaveBeenCalled();
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(link, { kind: "away" });
  vi.useRealTimers();
});

test("a serious doubt ends with the next sign of life, or the connection does", () => {
  vi.useFakeTimers();
  const { link, tell, onEnd } = openLink();
  tell.onAlive(30_000);
  tell.onLive();
  link.doubt(true);
  expect([link.phase, link.isInDoubt]).toEqual(["live", true]);
  vi.advanceTimersByTime(49);
  tell.onAlive(30_000);
  expect(link.isInDoubt).toBe(false);
  vi.advanceTimersByTime(100);
  expect(onEnd).not.toHaveBeenCalled();
  link.doubt(false);
  expect(link.isInDoubt).toBe(false);
  vi.advanceTimersByTime(50);
  expect(onEnd).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});

test("what is closed says nothing any more", () => {
  vi.useFakeTimers();
  const { link, tell, onEnd, onChange } = openLink();
  link.close();
  tell.onAlive(10);
  tell.onEnd({ kind: "away" });
  vi.advanceTimersByTime(1_000);
  expect(onEnd).not.toHaveBeenCalled();
  expect(onChange).not.toHaveBeenCalled();
  vi.useRealTimers();
});

test("one that was open and fell silent has lived until its last sign of life, and one that was cut until then", () => {
  vi.useFakeTimers();
  const [silent, cut] = [openLink(), openLink()];
  for (const { tell } of [silent, cut]) {
    tell.onAlive(30_000);
    vi.advanceTimersByTime(2_000);
    tell.onAlive(30_000);
  }
  vi.advanceTimersByTime(20_000);
  cut.tell.onEnd({ kind: "away" });
  vi.advanceTimersByTime(10_000);
  expect(silent.onEnd).toHaveBeenCalledTimes(1);
  expect(silent.link.livedMs).toBe(2_000);
  expect(cut.link.livedMs).toBe(22_000);
  vi.useRealTimers();
});
