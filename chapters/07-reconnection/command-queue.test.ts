import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCommandQueue, UnansweredError } from "./command-queue.ts";
import type { CommandMessage } from "./commands.ts";

const command = (n: number) => ({ type: "delete_task", taskId: `task-${n}` }) as const;

function start(options: { maxSize?: number } = {}) {
  let isOpen = true;
  const sent: CommandMessage[] = [];
  const sizes: number[] = [];
  const queue = createCommandQueue({
    send: (message) => {
      if (isOpen) sent.push(message);
      return isOpen;
    },
    onSize: (size) => sizes.push(size),
    ...options,
  });
  return {
    queue,
    sent,
    sizes,
    tasks: () => sent.map((message) => ("taskId" in message ? message.taskId : "")),
    answer: (index: number, status = 204) =>
      queue.onAnswer({ type: "answer", key: sent[index]?.key ?? "", status }),
    goAway: () => {
      isOpen = false;
    },
    comeBack: () => {
      isOpen = true;
      queue.onOpen();
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the queue", () => {
  test("a command is sent at once, with a key of its own, and resolves with its answer", async () => {
    const { queue, sent, answer, sizes } = start();
    const results = [queue.add(command(1)), queue.add(command(2))];
    expect(sent).toEqual([{ ...command(1), key: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    await vi.advanceTimersByTimeAsync(50);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(2);
    answer(1, 404);
    answer(0);
    expect(await Promise.all(results)).toEqual([{ status: 204 }, { status: 404 }]);
    expect([queue.size, sizes]).toEqual([0, [1, 2, 1, 0]]);
  });

  test("what is given while away is sent afterwards, in order, and not all at once", async () => {
    const { queue, tasks, goAway, comeBack } = start();
    goAway();
    for (let each = 1; each <= 4; each += 1) queue.add(command(each));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tasks()).toEqual([]);
    comeBack();
    expect(tasks()).toEqual(["task-1"]);
    await vi.advanceTimersByTimeAsync(150);
    expect(tasks()).toEqual(["task-1", "task-2", "task-3", "task-4"]);
  });

  test("what was sent and not answered is sent again, with the same key, before what is new", async () => {
    const { queue, sent, tasks, answer, goAway, comeBack } = start();
    for (let each = 1; each <= 3; each += 1) queue.add(command(each));
    await vi.advanceTimersByTimeAsync(100);
    answer(1);
    goAway();
    queue.add(command(4));
    comeBack();
    await vi.advanceTimersByTimeAsync(150);
    expect(tasks()).toEqual(["task-1", "task-2", "task-3", "task-1", "task-3", "task-4"]);
    expect([sent[3]?.key, sent[4]?.key]).toEqual([sent[0]?.key, sent[2]?.key]);
    // Both were answered in the end, and the second answer of one does no harm.
    answer(0);
    answer(3);
    answer(4);
    answer(5);
    expect(queue.size).toBe(0);
  });

  test("a connection that goes again in the middle loses nothing", async () => {
    const { queue, tasks, goAway, comeBack } = start();
    goAway();
    for (let each = 1; each <= 3; each += 1) queue.add(command(each));
    comeBack();
    goAway();
    await vi.advanceTimersByTimeAsync(1_000);
    comeBack();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tasks()).toEqual(["task-1", "task-1", "task-2", "task-3"]);
  });

  test("a command that stays without an answer on a living connection is sent again", async () => {
    const { queue, sent, answer } = start();
    queue.add(command(1));
    queue.onHeartbeat();
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50);
    queue.onHeartbeat();
    expect(sent.map(({ key }) => key)).toEqual([sent[0]?.key, sent[0]?.key]);
    queue.onHeartbeat();
    expect(sent).toHaveLength(2);
    answer(1);
    queue.onHeartbeat();
    queue.onHeartbeat();
    expect(sent).toHaveLength(2);
  });

  test("a queue is as old as its page: a new one knows nothing of it", () => {
    const before = start();
    before.goAway();
    before.queue.add(command(1));
    const { queue, sent, comeBack } = start();
    comeBack();
    expect([queue.size, sent]).toEqual([0, []]);
  });

  test("it is bounded: what does not fit is refused at once, and said", async () => {
    const { queue, goAway } = start({ maxSize: 2 });
    goAway();
    queue.add(command(1));
    queue.add(command(2));
    await expect(queue.add(command(3))).rejects.toThrow(UnansweredError);
    await expect(queue.add(command(3))).rejects.toThrow("2 changes wait already: this one was not kept.");
    expect(queue.size).toBe(2);
  });

  test("after its end it can be used again", async () => {
    const { queue, sent } = start();
    queue.add(command(1)).catch(() => {});
    queue.end("Somebody else has signed in.");
    queue.add(command(2));
    expect(sent).toHaveLength(2);
  });

  test("a server that is too busy is asked again, and that is no answer", async () => {
    const { queue, sent, answer } = start();
    const result = queue.add(command(1));
    answer(0, 503);
    expect(queue.size).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.map(({ key }) => key)).toEqual([sent[0]?.key, sent[0]?.key]);
    answer(1);
    expect(await result).toEqual({ status: 204 });
  });

  test("what was sent and not answered for a day is not sent again; what was never sent is", async () => {
    const { queue, tasks, goAway, comeBack } = start();
    const lost = queue.add(command(1));
    goAway();
    queue.add(command(2));
    const told = expect(lost).rejects.toThrow("look whether it was made");
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    comeBack();
    await told;
    expect([tasks(), queue.size]).toEqual([["task-1", "task-2"], 1]);
  });

  test("at its end every command is told, and no timer is left", async () => {
    const { queue } = start();
    const results = [queue.add(command(1)), queue.add(command(2))];
    queue.end("The change was given up.");
    for (const result of results) await expect(result).rejects.toThrow("The change was given up.");
    expect([queue.size, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
