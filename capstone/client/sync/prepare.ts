// What comes before a connection: whose it will be, and where it begins.
import type { ManagerOptions } from "./manager-options.ts";
import type { End } from "./transports/transport.ts";

/**
 * Both at once: each takes a round trip.
 * @param withinMs how long it may take, in milliseconds
 * @returns undefined when a connection can be made
 */
export async function prepare(
  { cursor, load, checkUser }: Pick<ManagerOptions, "cursor" | "load" | "checkUser">,
  controller: AbortController,
  withinMs: number,
): Promise<End | undefined> {
  const { signal } = controller;
  const limit = setTimeout(() => controller.abort(), withinMs);
  const unreachable: End = { kind: "away", unreachable: true };
  const asked = [checkUser(signal), cursor() ? undefined : load(signal)];
  const ends = await Promise.all(asked.map((each) => each?.catch(() => unreachable)));
  clearTimeout(limit);
  return ends.find((end) => end?.kind === "signed-out") ?? ends.find((end) => end !== undefined);
}
