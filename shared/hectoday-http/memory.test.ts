import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { route, setup } from "@hectoday/http";
import { expect, test } from "vitest";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const EVENTS = 1_000_000;
const EVENT = new TextEncoder().encode('data: {"seq":1,"type":"task_created"}\n\n');

/** Reads a million events and reports how far the heap and the buffers were up on the start, in bytes. */
async function growthWhileReading(body: ReadableStream<Uint8Array>): Promise<number> {
  const used = () => {
    collectGarbage();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  const reader = body.getReader();
  const start = used();
  let most = 0;
  for (let event = 1; event <= EVENTS; event += 1) {
    const { done } = await reader.read();
    if (done) throw new Error(`the stream ended after ${event} events`);
    if (event % 250_000 === 0) most = Math.max(most, used() - start);
  }
  // Not awaited: one half of a tee is cancelled only when the other one is.
  void reader.cancel();
  return most;
}

function streamOfEvents(): Response {
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(EVENT) }));
}

test("memory stays flat over a million events through an app that has an onResponse", async () => {
  const app = setup({
    routes: [route.get("/stream", { resolve: streamOfEvents })],
    onResponse: ({ response }) => {
      response.headers.set("x-seen", "yes");
      return response;
    },
  });
  const response = await app.request("/stream");
  if (!response.body) throw new Error("no body");
  expect(await growthWhileReading(response.body)).toBeLessThan(4 * 1024 * 1024);
}, 60_000);

test("the same million through a cloned response does grow: the measurement can tell", async () => {
  const response = streamOfEvents();
  const clone = response.clone();
  if (!response.body) throw new Error("no body");
  expect(await growthWhileReading(response.body)).toBeGreaterThan(16 * 1024 * 1024);
  await clone.body?.cancel();
}, 60_000);
