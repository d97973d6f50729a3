import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { runFaultScript } from "./fault-script.ts";
import type { FaultRule, FaultScript } from "./faults.ts";

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

/** A tap that only remembers what it was asked to do, and when. */
function fakeTap() {
  const start = Date.now();
  const log: string[] = [];
  return {
    log,
    setSeed: (seed: number) => log.push(`seed ${seed}`),
    apply({ target, fault }: FaultRule) {
      const name = `${fault.kind} ${target}`;
      let isOn = true;
      log.push(`${Date.now() - start}: ${name}`);
      return () => {
        if (isOn) log.push(`${Date.now() - start}: ${name} lifted`);
        isOn = false;
      };
    },
  };
}

const SCRIPT: FaultScript = {
  seed: 7,
  steps: [
    { at: 100, target: "bob", fault: { kind: "freeze" }, for: 500 },
    { at: 0, target: "everyone", fault: { kind: "latency", ms: 50 } },
    { at: 200, target: 3, fault: { kind: "cut" } },
  ],
};

describe("a fault script", () => {
  test("applies each fault at its time, lifts it when its time is over, and the rest at the end", async () => {
    const tap = fakeTap();
    const over = runFaultScript(tap, SCRIPT);
    await vi.advanceTimersByTimeAsync(599);
    expect(tap.log).toEqual(["seed 7", "0: latency everyone", "100: freeze bob", "200: cut 3"]);
    await vi.advanceTimersByTimeAsync(1);
    await over;
    expect(tap.log.slice(4).sort()).toEqual(
      ["600: freeze bob lifted", "600: latency everyone lifted", "600: cut 3 lifted"].sort(),
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that is ended early leaves nothing broken", async () => {
    const tap = fakeTap();
    const stopping = new AbortController();
    const over = runFaultScript(tap, SCRIPT, stopping.signal);
    await vi.advanceTimersByTimeAsync(150);
    stopping.abort();
    await over;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tap.log).toContain("150: freeze bob lifted");
    expect(tap.log).toContain("150: latency everyone lifted");
    expect(tap.log).not.toContain("200: cut 3");
  });

  test.each([
    { steps: [] },
    { steps: [{ at: -1, target: "bob", fault: { kind: "cut" } }] },
    { steps: [{ at: 0, target: "bob", fault: { kind: "drop" }, for: 5 }] },
    { steps: [{ at: 0, target: "bob", fault: { kind: "freeze" }, during: 5 }] },
  ])("that is none is refused before anything is broken: %j", (script) => {
    const tap = fakeTap();
    expect(() => runFaultScript(tap, script as FaultScript)).toThrow();
    expect(tap.log).toEqual([]);
  });
});
