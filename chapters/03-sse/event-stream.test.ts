import { createParser, type EventSourceMessage } from "eventsource-parser";
import fc from "fast-check";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { encodeComment, encodeEvent, encodeRetry, openEventStream } from "./event-stream.ts";

const text = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

describe("the encoder", () => {
  test.each([
    [
      { id: "e:7", type: "task_created", data: '{"seq":7}' },
      'id: e:7\nevent: task_created\ndata: {"seq":7}\n\n',
    ],
    [{ data: "" }, "data: \n\n"],
    [{ data: "one\ntwo\r\nthree\rfour" }, "data: one\ndata: two\ndata: three\ndata: four\n\n"],
    [{ data: "ends with a line end\n" }, "data: ends with a line end\ndata: \n\n"],
    [{ data: " leading space, : colon" }, "data:  leading space, : colon\n\n"],
    [{ id: "", data: "x" }, "id: \ndata: x\n\n"], // takes the browser's last id away
  ])("%j is these bytes", (event, bytes) => {
    expect(text(encodeEvent(event))).toBe(bytes);
  });

  test("comments and pauses have their own lines", () => {
    expect(text(encodeComment("heartbeat"))).toBe(": heartbeat\n\n");
    expect(text(encodeRetry(2_345.6))).toBe("retry: 2346\n\n");
  });

  test.each(["7\ndata: forged", "7\r", "7\0", "sieben–", "\u2028"])("%j is no id and no type", (bad) => {
    expect(() => encodeEvent({ id: bad, data: "x" })).toThrow(TypeError);
    expect(() => encodeEvent({ type: bad, data: "x" })).toThrow(TypeError);
    expect(() => encodeComment(bad)).toThrow(TypeError);
  });

  test("what another implementation reads is what was sent, whatever the text", () => {
    const ascii = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    const data = fc.string({
      unit: fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 1 }),
        fc.constantFrom("\n", "\r\n", ":", " ", "\ufeff", "data: "),
      ),
    });
    fc.assert(
      fc.property(ascii, ascii, data, (id, type, sent) => {
        const received: EventSourceMessage[] = [];
        const parser = createParser({ onEvent: (event) => received.push(event) });
        parser.feed(text(encodeEvent({ id, type, data: sent })));
        const [event] = received;
        expect(received).toHaveLength(1);
        expect(event?.data).toBe(sent.replaceAll(/\r\n|\r/g, "\n"));
        expect(event?.id ?? "").toBe(id);
        expect(event?.event || "message").toBe(type || "message");
      }),
    );
  });
});

describe("one client's stream", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
  });

  function open(options: Partial<Parameters<typeof openEventStream>[0]> = {}) {
    const onClose = vi.fn();
    const stream = openEventStream({ onClose, retryMs: 3_000, ...options });
    const reader = (stream.response.body as ReadableStream<Uint8Array>).getReader();
    const next = async () => {
      const { value, done } = await reader.read();
      return done ? "(end)" : text(value);
    };
    return { stream, onClose, next, reader };
  }

  test("says how long to wait before coming back, and that nobody may keep or pack it", async () => {
    const { stream, next } = open();
    expect(await next()).toBe("retry: 3000\n\n");
    expect(Object.fromEntries(stream.response.headers)).toEqual({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    stream.close();
  });

  test("is never silent for longer than the heartbeat", async () => {
    const { stream, next } = open({ heartbeatMs: 15_000 });
    await next();
    const beat = next();
    vi.advanceTimersByTime(15_000);
    expect(await beat).toBe(": heartbeat\n\n");
    stream.close();
  });

  test("ends in good order when it is old, and after that nothing is sent and no timer runs", async () => {
    const { stream, onClose, next } = open({ maxAgeMs: 60_000, heartbeatMs: 120_000 });
    stream.send(encodeEvent({ data: "last" }));
    expect([await next(), await next()]).toEqual(["retry: 3000\n\n", "data: last\n\n"]);
    const end = next();
    vi.advanceTimersByTime(60_000);
    stream.send(encodeEvent({ data: "too late" }));
    expect(await end).toBe("(end)");
    expect(onClose).toHaveBeenCalledOnce();
    expect(stream.isOpen).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("two streams do not grow old together, nor come back together", () => {
    const timeouts = vi.spyOn(globalThis, "setTimeout");
    const retries = new Set<string>();
    for (let each = 0; each < 10; each += 1) {
      const stream = openEventStream({ onClose: () => {} });
      stream.response.body
        ?.getReader()
        .read()
        .then(({ value }) => retries.add(text(value ?? new Uint8Array())));
      stream.close();
    }
    const ages = timeouts.mock.calls.map(([, ms]) => ms ?? 0).filter((ms) => ms > 60_000);
    expect(new Set(ages).size).toBe(10);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(15 * 60_000);
    expect(Math.max(...ages)).toBeLessThanOrEqual(30 * 60_000);
  });

  test("a client that leaves too much unread is cut off, and what waited for it is thrown away", async () => {
    const { stream, onClose, reader } = open({ maxBacklogBytes: 10_000 });
    for (let each = 0; each < 11; each += 1) stream.send(new Uint8Array(1_000));
    expect(onClose).toHaveBeenCalledOnce();
    await expect(reader.read()).rejects.toThrow("the client does not read");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("so is one that takes nothing for five seconds, and not one that takes something", async () => {
    const { stream, onClose, next } = open({ heartbeatMs: 60_000 });
    for (const word of ["one", "two", "three"]) stream.send(encodeEvent({ data: word }));
    vi.advanceTimersByTime(4_000);
    await next();
    vi.advanceTimersByTime(4_000);
    expect(onClose).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(onClose).toHaveBeenCalledOnce();
  });

  test("a client that is gone leaves no timer behind", async () => {
    const { onClose, reader } = open();
    await reader.cancel();
    expect(onClose).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("drained waits for a client that is behind, and not for one that is gone", async () => {
    const { stream, next, reader } = open();
    await stream.drained(); // nothing waits
    stream.send(new Uint8Array(100_000));
    let isDrained = false;
    const drained = stream.drained().then(() => {
      isDrained = true;
    });
    await Promise.resolve();
    expect(isDrained).toBe(false);
    await next();
    await next();
    await drained;
    stream.send(new Uint8Array(100_000));
    const other = stream.drained();
    await reader.cancel();
    await other;
  });
});
