// Events that the server has, given to all clients: one at a time at a steady rate, and many in one turn.
import { median } from "../ratios.ts";
import { cpuDuring, type Values, type Visit } from "./visit.ts";

export interface FanOutPlan {
  readonly events: number;
  readonly gapMs: number;
  readonly bursts: number;
  readonly eventsPerBurst: number;
  /** At the same rate, before it is measured: until the code that runs all the time is compiled. */
  readonly warmUpEvents: number;
}

export async function steady(visit: Visit, { events, gapMs, warmUpEvents }: FanOutPlan): Promise<Values> {
  await pace(visit, warmUpEvents, gapMs);
  const cpu = await cpuDuring(visit, () => pace(visit, events, gapMs));
  const deliveries = events * visit.clients;
  return {
    cpuPerMillion: (cpu.server / deliveries) * 1e6,
    loadCpuPerMillion: (cpu.load / deliveries) * 1e6,
  };
}

async function pace({ server, load }: Visit, count: number, gapMs: number): Promise<void> {
  const head = await server.ask("head", null);
  await Promise.all([load.ask("reach", head + count), server.ask("pace", { count, gapMs })]);
}

export async function bursts(visit: Visit, plan: FanOutPlan): Promise<Values> {
  const rates: number[] = [];
  await burst(visit, plan.eventsPerBurst);
  const cpu = await cpuDuring(visit, async () => {
    for (let index = 0; index < plan.bursts; index += 1) rates.push(await burst(visit, plan.eventsPerBurst));
  });
  const deliveries = plan.bursts * plan.eventsPerBurst * visit.clients;
  return {
    burstRate: median(rates),
    burstCpuPerMillion: (cpu.server / deliveries) * 1e6,
    burstLoadCpuPerMillion: (cpu.load / deliveries) * 1e6,
  };
}

/** @returns deliveries per second, from the first event's beginning until the last client has got the last one */
async function burst({ server, load, clients }: Visit, count: number): Promise<number> {
  const head = await server.ask("head", null);
  const [reachedAt, begunAt] = await Promise.all([
    load.ask("reach", head + count),
    server.ask("publishMany", count),
  ]);
  return (count * clients * 1_000) / (reachedAt - begunAt);
}
