import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { WireConnection, WireMessage } from "./message.ts";
import { createRecorder, type Recording } from "./recorder.ts";

let lastId = 0;

function message(changes: Partial<WireMessage> = {}): WireMessage {
  lastId += 1;
  return {
    id: lastId,
    connection: 1,
    way: "up",
    kind: "request",
    at: performance.timeOrigin + performance.now(),
    size: 100,
    summary: "GET /",
    isComplete: true,
    fate: "passed",
    heldMs: undefined,
    afterMs: undefined,
    isPage: false,
    details: [{ label: "Head", text: "GET / HTTP/1.1" }],
    ...changes,
  };
}

function connection(changes: Partial<WireConnection> = {}): WireConnection {
  return {
    id: 1,
    person: "bob",
    openedAt: 0,
    closedAt: undefined,
    end: undefined,
    bytesUp: 0,
    bytesDown: 0,
    ...changes,
  };
}

describe("the recorder", () => {
  test("keeps the newest messages, and of their details what fits", () => {
    const recorder = createRecorder({ maxMessages: 3, maxDetailCharacters: 40 });
    const messages = [message(), message(), message(), message()];
    for (const each of messages) recorder.onMessage(each);
    const [first, second, third, fourth] = messages.map(({ id }) => id);
    expect(recorder.recording().messages.map(({ id }) => id)).toEqual([second, third, fourth]);
    expect(recorder.details(first ?? 0)).toBeUndefined();
    expect(recorder.details(second ?? 0)).toBeUndefined();
    expect(recorder.details(fourth ?? 0)).toEqual([{ label: "Head", text: "GET / HTTP/1.1" }]);
    recorder.onMessage({ ...message(), id: first ?? 0 }); // it has grown, and is forgotten
    expect(recorder.recording().messages).toHaveLength(3);
  });

  test("a message that grows is one message, with the latest that is known of it", () => {
    const recorder = createRecorder();
    const begun = message({ size: 10, isComplete: false });
    recorder.onMessage(begun);
    recorder.onMessage({ ...begun, size: 90, isComplete: true });
    expect(recorder.recording().messages).toMatchObject([{ id: begun.id, size: 90, isComplete: true }]);
  });

  test("counts requests, bytes and open connections of each person, and leaves out what loads pages", () => {
    const recorder = createRecorder();
    recorder.onConnection(connection({ bytesUp: 300, bytesDown: 5_000 }));
    recorder.onConnection(connection({ id: 2, bytesUp: 50, closedAt: 1 }));
    recorder.onMessage(message());
    recorder.onMessage(message({ isPage: true, size: 120 }));
    recorder.onMessage(message({ isPage: true, size: 4_000, kind: "response", way: "down" }));
    expect(recorder.recording().totals).toEqual({
      bob: { requests: 1, requestsLastMinute: 1, bytesUp: 230, bytesDown: 1_000, openConnections: 1 },
    });
  });

  test("the last minute is a minute", () => {
    const recorder = createRecorder();
    recorder.onConnection(connection());
    recorder.onMessage(message({ at: performance.timeOrigin + performance.now() - 61_000 }));
    recorder.onMessage(message({ at: performance.timeOrigin + performance.now() - 59_000 }));
    expect(recorder.recording().totals.bob).toMatchObject({ requests: 2, requestsLastMinute: 1 });
  });

  test("tells what has changed, all of a while together, to those who listen", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const recorder = createRecorder({ collectMs: 100 });
    recorder.onMessage(message());
    const heard: Recording[] = [];
    const stop = recorder.subscribe((change) => heard.push(change));
    const first = message();
    const second = message();
    recorder.onMessage(first);
    recorder.onMessage(second);
    recorder.onMessage({ ...first, size: 7 });
    recorder.onConnection(connection());
    vi.advanceTimersByTime(100);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.messages.map(({ id, size }) => [id, size])).toEqual([
      [first.id, 7],
      [second.id, 100],
    ]);
    expect(heard[0]?.connections).toHaveLength(1);
    stop();
    recorder.onMessage(message());
    vi.advanceTimersByTime(10_000);
    expect(heard).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("clearing forgets the past and goes on counting from there", () => {
    const recorder = createRecorder();
    recorder.onConnection(connection({ bytesUp: 500 }));
    recorder.onConnection(connection({ id: 2, closedAt: 1 }));
    recorder.onMessage(message());
    recorder.clear();
    expect(recorder.recording()).toMatchObject({ messages: [], clearedUpTo: lastId });
    expect(recorder.recording().connections.map(({ id }) => id)).toEqual([1]);
    recorder.onConnection(connection({ bytesUp: 530 }));
    recorder.onMessage(message());
    expect(recorder.recording().totals.bob).toMatchObject({ requests: 1, bytesUp: 30 });
  });

  test("a row is one line, however long the text", () => {
    const recorder = createRecorder();
    recorder.onMessage(message({ summary: `a\n${"b".repeat(1_000)}` }));
    const [row] = recorder.recording().messages;
    expect(row?.summary).toMatch(/^a b+$/);
    expect(row?.summary.length).toBeLessThanOrEqual(300);
  });
});
