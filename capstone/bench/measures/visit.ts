// One server with its clients, from its start to its end.

import type { LoadActions } from "../load/load.ts";
import type { Address, PeerActions } from "../peers/peer.ts";
import { type BenchProcess, startProcess } from "../processes.ts";
import type { MeasuredServer } from "../servers.ts";

export interface Visit {
  readonly server: BenchProcess<PeerActions>;
  readonly load: BenchProcess<LoadActions>;
  readonly address: Address;
  readonly clients: number;
}

/** What one measurement adds to a sample. */
export type Values = Record<string, number>;

export async function visit<T>(
  { file }: MeasuredServer,
  clients: number,
  profileFolder: string | undefined,
  work: (visit: Visit) => Promise<T>,
): Promise<T> {
  const server = startProcess<PeerActions>(file, profileFolder);
  const load = startProcess<LoadActions>("./load/load.ts");
  try {
    return await work({ server, load, clients, address: await server.ask("start", null) });
  } finally {
    await Promise.all([server.stop(), load.stop()]);
  }
}

/** CPU seconds that both sides spend meanwhile. */
export async function cpuDuring(
  { server, load }: Visit,
  work: () => Promise<void>,
): Promise<{ server: number; load: number }> {
  const before = { server: await server.ask("cpuSeconds", null), load: await load.ask("cpuSeconds", null) };
  await work();
  return {
    server: (await server.ask("cpuSeconds", null)) - before.server,
    load: (await load.ask("cpuSeconds", null)) - before.load,
  };
}
