// Connects the clients, and measures what an idle one costs the server.
import type { Values, Visit } from "./visit.ts";

/** They come and go first: what a server sets up once, and the code it compiles, is not the price of a connection. */
const WARM_UP_CLIENTS = 50;

export async function connect({ server, load, address, clients }: Visit): Promise<Values> {
  await load.ask("follow", { address, count: WARM_UP_CLIENTS, head: await server.ask("head", null) });
  await load.ask("close", null);
  const before = await server.ask("memory", null);
  await load.ask("follow", { address, count: clients, head: await server.ask("head", null) });
  const after = await server.ask("memory", null);
  return {
    idleBytes: (after.used - before.used) / clients,
    idleResidentBytes: (after.resident - before.resident) / clients,
  };
}
