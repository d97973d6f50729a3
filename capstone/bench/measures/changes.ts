// Changes that come from clients, are stored, and go to all clients.
import { now } from "../clock.ts";
import { cpuDuring, type Values, type Visit } from "./visit.ts";

export interface ChangesPlan {
  readonly writers: number;
  readonly forMs: number;
  readonly delayChanges: number;
  /** Between two changes, in milliseconds. */
  readonly quietGapMs: number;
  readonly busyGapMs: number;
}

/** Changes per second, over the time until everybody has got the last one; and how busy both sides were, in cores. */
export async function changes(visit: Visit, { writers, forMs }: ChangesPlan): Promise<Values> {
  await visit.load.ask("openWriters", { address: visit.address, count: writers });
  // Until the code is compiled and the files have grown.
  await write(visit, forMs / 5);
  let written = { changes: 0, perSecond: 0 };
  const begunAt = now();
  const cpu = await cpuDuring(visit, async () => {
    written = await write(visit, forMs);
  });
  const seconds = (now() - begunAt) / 1_000;
  return {
    changesPerSecond: written.perSecond,
    cpuPerChange: cpu.server / written.changes,
    changesServerCores: cpu.server / seconds,
    changesClientsCores: cpu.load / seconds,
  };
}

async function write({ server, load }: Visit, ms: number): Promise<{ changes: number; perSecond: number }> {
  const before = await server.ask("head", null);
  const { changes: answered, begunAt } = await load.ask("writeFor", ms);
  const after = await server.ask("head", null);
  if (after - before !== answered) {
    throw new Error(`${answered} changes were answered, and the log has ${after - before}`);
  }
  const deliveredAt = await load.ask("reach", after);
  return { changes: answered, perSecond: (answered * 1_000) / (deliveredAt - begunAt) };
}

/** From the writer's sending to a follower's getting, when nothing else goes on and when a lot does. */
export async function delays({ server, load, address, clients }: Visit, plan: ChangesPlan): Promise<Values> {
  await load.ask("openWriters", { address, count: 1 });

  async function measure(count: number, gapMs: number) {
    const head = await server.ask("head", null);
    return await load.ask("measureDelays", { head, count, gapMs, clients });
  }

  await measure(Math.ceil(plan.delayChanges / 5), plan.quietGapMs);
  const quiet = await measure(plan.delayChanges, plan.quietGapMs);
  const busy = await measure(plan.delayChanges, plan.busyGapMs);
  return {
    quietDelayP50: quiet.p50,
    quietDelayP99: quiet.p99,
    busyDelayP50: busy.p50,
    busyDelayP99: busy.p99,
  };
}
