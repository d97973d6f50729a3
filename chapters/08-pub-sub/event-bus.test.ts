import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createEventBus, type Trouble } from "./event-bus.ts";

interface Topics {
  readonly [board: `board:${string}`]: number;
  readonly news: string;
}

function createBus(options: { maxWaiting?: number; hangMs?: number } = {}) {
  const troubles: Trouble[] = [];
  const bus = createEventBus<Topics>({ onTrouble: (trouble) => troubles.push(trouble), ...options });
  return { bus, troubles };
}

/** A subscriber that takes as long as the test wants. */
function slowSubscriber() {
  const heard: number[] = [];
  const finishes: (() => void)[] = [];
  return {
    heard,
    handler: (message: number) => {
      heard.push(message);
      return new Promise<void>((resolve) => finishes.push(resolve));
    },
    finish: async () => {
      finishes.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("who hears what", () => {
  test("a topic, and a pattern of topics", () => {
    const { bus } = createBus();
    const heard: string[] = [];
    bus.subscribe("board:1", "one", (message) => void heard.push(`one ${message}`));
    bus.subscribe("board:*", "all", (message) => void heard.push(`all ${message}`));
    bus.subscribe("news", "news", (message) => void heard.push(`news ${message}`));
    bus.publish("board:1", 10);
    bus.publish("board:2", 20);
    bus.publish("news", "today");
    expect(heard).toEqual(["one 10", "all 10", "all 20", "news today"]);
  });

  test("a topic without a colon is not one of those that begin alike", () => {
    const { bus } = createBus();
    const heard: unknown[] = [];
    bus.subscribe("board:*", "boards", (message) => void heard.push(message));
    bus.publish("boards" as "news", "x");
    expect(heard).toEqual([]);
  });

  test("the types know the topics", () => {
    const { bus } = createBus();
    // @ts-expect-error: there is no such topic
    bus.subscribe("boards:1", "typo", () => {});
    // @ts-expect-error: news are text
    bus.publish("news", 1);
    bus.subscribe("board:*", "all", (message) => {
      // @ts-expect-error: a number has no length
      message.length;
    });
    expect(bus.size).toBe(2);
  });

  test("in the order in which they have subscribed, to a topic or to a pattern", () => {
    const { bus } = createBus();
    const heard: string[] = [];
    bus.subscribe("board:*", "first", () => void heard.push("first"));
    bus.subscribe("board:1", "second", () => void heard.push("second"));
    bus.subscribe("board:*", "third", () => void heard.push("third"));
    bus.publish("board:1", 1);
    expect(heard).toEqual(["first", "second", "third"]);
  });

  test("an unsubscribe ends one subscription and no other, and ending it twice does no harm", () => {
    const { bus } = createBus();
    const heard: string[] = [];
    const handler = (name: string) => () => void heard.push(name);
    const ends = ["a", "b", "c"].map((name) => bus.subscribe("board:1", name, handler(name)));
    ends[1]?.();
    ends[1]?.();
    bus.publish("board:1", 1);
    expect([heard, bus.size]).toEqual([["a", "c"], 2]);
    for (const end of ends) end();
    const again = bus.subscribe("board:1", "d", handler("d"));
    ends[0]?.(); // of an earlier time: not this one's
    bus.publish("board:1", 2);
    expect(heard).toEqual(["a", "c", "d"]);
    again();
    expect(bus.size).toBe(0);
  });

  test("the same function subscribed twice is two subscriptions", () => {
    const { bus } = createBus();
    let count = 0;
    const handler = () => {
      count += 1;
    };
    const end = bus.subscribe("news", "one", handler);
    bus.subscribe("news", "two", handler);
    bus.publish("news", "x");
    end();
    bus.publish("news", "x");
    expect(count).toBe(3);
  });

  test("who is subscribed or unsubscribed while a message is delivered", () => {
    const { bus } = createBus();
    const heard: string[] = [];
    bus.subscribe("news", "first", () => {
      endSecond();
      bus.subscribe("news", "late", (message) => void heard.push(`late ${message}`));
    });
    const endSecond = bus.subscribe("news", "second", () => void heard.push("second"));
    bus.publish("news", "one");
    expect(heard).toEqual([]); // gone before its turn; and nobody hears what was before them
    bus.publish("news", "two");
    expect(heard).toEqual(["late two"]);
  });

  test("what a subscriber publishes comes after what it has heard, for everybody", () => {
    const { bus } = createBus();
    const heard: string[] = [];
    bus.subscribe("board:1", "echo", (message) => {
      if (message < 3) bus.publish("board:1", message + 1);
    });
    bus.subscribe("board:1", "other", (message) => void heard.push(`${message}`));
    bus.publish("board:1", 1);
    expect(heard).toEqual(["1", "2", "3"]);
  });
});

describe("a subscriber in trouble harms nobody else", () => {
  test("one that throws, at once or later", async () => {
    const { bus, troubles } = createBus();
    const heard: number[] = [];
    bus.subscribe("board:1", "throws", () => {
      throw new Error("at once");
    });
    bus.subscribe("board:1", "rejects", async () => {
      throw new Error("later");
    });
    bus.subscribe("board:1", "good", (message) => void heard.push(message));
    bus.publish("board:1", 1);
    await vi.advanceTimersByTimeAsync(0);
    bus.publish("board:1", 2);
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toEqual([1, 2]);
    expect(troubles.map((trouble) => `${trouble.subscriber} ${trouble.kind}`)).toEqual([
      "throws threw",
      "rejects threw",
      "throws threw",
      "rejects threw",
    ]);
  });

  test("one that hangs is reported, and others go on", async () => {
    const { bus, troubles } = createBus({ hangMs: 1_000 });
    const heard: number[] = [];
    const slow = slowSubscriber();
    bus.subscribe("board:1", "slow", slow.handler);
    bus.subscribe("board:1", "good", (message) => void heard.push(message));
    bus.publish("board:1", 1);
    bus.publish("board:1", 2);
    await vi.advanceTimersByTimeAsync(999);
    expect(troubles).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(troubles).toEqual([{ kind: "hangs", subscriber: "slow", ms: 1_000 }]);
    expect([heard, slow.heard]).toEqual([[1, 2], [1]]);
    await slow.finish();
    await slow.finish();
    expect([slow.heard, vi.getTimerCount()]).toEqual([[1, 2], 0]);
  });

  test("a slow one hears all in order, one at a time", async () => {
    const { bus } = createBus();
    const slow = slowSubscriber();
    bus.subscribe("board:*", "slow", slow.handler);
    for (const message of [1, 2, 3]) bus.publish("board:1", message);
    expect(slow.heard).toEqual([1]);
    await slow.finish();
    expect(slow.heard).toEqual([1, 2]);
    bus.publish("board:1", 4);
    for (let each = 0; each < 3; each += 1) await slow.finish();
    expect(slow.heard).toEqual([1, 2, 3, 4]);
  });

  test("what waited is heard in order, also when the handler is quick now and then, throws, or publishes", async () => {
    const { bus } = createBus();
    const heard: number[] = [];
    let finish = () => {};
    bus.subscribe("board:1", "moody", (message) => {
      heard.push(message);
      if (message === 3) bus.publish("board:1", 99);
      if (message === 4) throw new Error("not today");
      if (message !== 1) return;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    for (const message of [1, 2, 3, 4, 5]) bus.publish("board:1", message);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toEqual([1, 2, 3, 4, 5, 99]);
    bus.publish("board:1", 6);
    expect(heard.at(-1)).toBe(6);
  });

  test("one that fails at catching up is reported too", async () => {
    const { bus, troubles } = createBus({ maxWaiting: 1 });
    bus.subscribe("board:1", "slow", () => new Promise(() => {}), {
      onSkipped: async () => {
        throw new Error("no log");
      },
    });
    for (const message of [1, 2, 3]) bus.publish("board:1", message);
    await vi.advanceTimersByTimeAsync(0);
    expect(troubles.map(({ kind }) => kind)).toEqual(["skipped", "threw"]);
  });

  test("what waits for it is bounded: then it is thrown away as a whole, and the subscriber is told", async () => {
    const { bus, troubles } = createBus({ maxWaiting: 3 });
    const slow = slowSubscriber();
    let skips = 0;
    bus.subscribe("board:*", "slow", slow.handler, {
      onSkipped: () => {
        skips += 1;
      },
    });
    for (let message = 1; message <= 5; message += 1) bus.publish("board:1", message);
    expect([skips, troubles]).toEqual([1, [{ kind: "skipped", subscriber: "slow", count: 4 }]]);
    bus.publish("board:1", 6);
    for (let each = 0; each < 3; each += 1) await slow.finish();
    expect(slow.heard).toEqual([1, 6]);
  });

  test("after an unsubscribe nothing comes, not even what was waiting", async () => {
    const { bus } = createBus();
    const slow = slowSubscriber();
    const end = bus.subscribe("board:*", "slow", slow.handler);
    for (const message of [1, 2, 3]) bus.publish("board:1", message);
    end();
    for (let each = 0; each < 3; each += 1) await slow.finish();
    expect(slow.heard).toEqual([1]);
  });

  test("one who listens to trouble and throws does not stop the bus", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {});
    const bus = createEventBus<Topics>({
      onTrouble: () => {
        throw new Error("even here");
      },
    });
    const heard: number[] = [];
    bus.subscribe("board:1", "throws", () => {
      throw new Error("at once");
    });
    bus.subscribe("board:1", "good", (message) => void heard.push(message));
    bus.publish("board:1", 1);
    bus.publish("board:1", 2);
    expect(heard).toEqual([1, 2]);
    silent.mockRestore();
  });
});

test("whatever happens in whatever order, everybody hears their boards' messages in order, each once", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ do: fc.constant("publish" as const), board: fc.integer({ min: 1, max: 3 }) }),
          fc.record({ do: fc.constant("subscribe" as const), board: fc.integer({ min: 0, max: 3 }) }),
          fc.record({ do: fc.constant("end" as const), which: fc.nat({ max: 9 }) }),
        ),
        { maxLength: 60, size: "max" },
      ),
      (steps) => {
        const { bus } = createBus();
        const published: { board: number; message: number }[] = [];
        const all: { board: number; from: number; until?: number; heard: number[]; end: () => void }[] = [];
        for (const step of steps) {
          if (step.do === "publish") {
            published.push({ board: step.board, message: published.length });
            bus.publish(`board:${step.board}`, published.length - 1);
          } else if (step.do === "subscribe") {
            const heard: number[] = [];
            const pattern = step.board === 0 ? "board:*" : (`board:${step.board}` as const);
            const end = bus.subscribe(pattern, "any", (message) => void heard.push(message));
            all.push({ board: step.board, from: published.length, heard, end });
          } else {
            const subscription = all[step.which];
            if (!subscription || subscription.until !== undefined) continue;
            subscription.until = published.length;
            subscription.end();
          }
        }
        for (const { board, from, until = published.length, heard } of all) {
          const expected = published
            .slice(from, until)
            .filter((each) => board === 0 || each.board === board)
            .map(({ message }) => message);
          expect(heard).toEqual(expected);
        }
      },
    ),
    { numRuns: 500 },
  );
});
